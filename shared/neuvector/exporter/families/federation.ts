import type { Family } from './family.ts';

const path = '/v1/fed/member';

/** NeuVector's own numbers of what it says of a member. */
const statusNumbers = new Map(
  Object.entries({
    active: 0,
    unknown_cmd: 1,
    notified: 2,
    req_error: 3,
    master_upgrade_required: 101,
    joint_upgrade_required: 102,
    cluster_upgrade_ongoing: 103,
    joint_version_too_new: 104,
    connected: 200,
    joined: 201,
    out_of_sync: 202,
    synced: 203,
    disconnected: 204,
    kicked: 205,
    left: 206,
    license_disallow: 207,
    pinging: 208,
    syncing: 209,
    pending: 210,
  }),
);
const unknownStatus = -1;

/** `synced` alone in the official exporter, for which a member that has just joined, or is back, has failed. */
const isWell = (status: string, compat: boolean): boolean =>
  status === 'synced' || (!compat && (status === 'joined' || status === 'connected'));

export const federation: Family = {
  name: 'nv_fed',
  officialHelp: 'log of',
  officialType: 'gauge',
  help: {
    nv_fed_master: 'Of a primary: 1 for each member that is in step or on its way there, else 0.',
    nv_fed_master_status: "Of a primary: the number of each member's status in NeuVector; -1 for others.",
    nv_fed_worker: 'Of any other controller: 1 where it is a member of a federation, else 0.',
  },
  async read({ ask, samples, target, compat }) {
    const { role, primary, members } = await ask.federation();
    const master = primary?.name ?? '';
    if (role !== 'master') {
      const status = role === 'joint' ? 'joint' : '';
      const labels = { master, status, ...(!compat && { target }) };
      samples.add('nv_fed_worker', labels, status === 'joint' ? 1 : 0, path);
      return;
    }
    for (const { name: worker, status } of members) {
      // The official exporter has the status as a label: every change of it ends one series and begins another.
      const labels = { master, ...(compat ? { status } : { target }), worker };
      samples.add('nv_fed_master', labels, isWell(status, compat) ? 1 : 0, path);
      if (!compat)
        samples.add('nv_fed_master_status', labels, statusNumbers.get(status) ?? unknownStatus, path);
    }
  },
};
