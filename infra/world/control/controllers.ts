import type { ExposedController } from '../neuvector/exposed.ts';

export const listenerNames = ['rest', 'federation'] as const;

export const isListener = (name: string): name is (typeof listenerNames)[number] =>
  (listenerNames as readonly string[]).includes(name);

/** What the control API tells of a NeuVector controller. */
export function describedController(exposed: ExposedController) {
  const { state, settings, name, accounts } = exposed.controller;
  const listeners = listenerNames.map((listener) => {
    const { port, list } = exposed[listener];
    return [listener, { address: `https://127.0.0.1:${port}`, faults: list() }] as const;
  });
  return {
    name,
    clusterName: state.clusterName,
    role: state.role,
    sessions: accounts.liveSessions(),
    signIns: accounts.signIns(),
    settings,
    ...Object.fromEntries(listeners),
  };
}
