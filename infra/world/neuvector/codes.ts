/** What `error` says of each code. */
const texts: Readonly<Record<number, string>> = {
  1: 'URL not found',
  2: 'Method not allowed',
  3: 'Authentication failed',
  4: 'Operation not allowed',
  5: 'Too many login users',
  6: 'Request in wrong format',
  7: 'Object not found',
  14: 'Password is weak',
  19: 'Acquire cluster lock failed',
  25: 'Object access denied',
  37: 'Authentication to the remote cluster failed',
  38: 'Request to the remote cluster failed',
  39: 'Federation operation failed',
  40: 'Managed cluster is unreachable from primary cluster',
  41: 'Another cluster with the same name already exists in the federation',
  42: 'Version of primary cluster is too old',
  43: 'Version of managed cluster is too old',
  47: 'Temporarily blocked because of too many login failures',
  48: 'Password expired',
  55: 'Server Error',
};

export const textOfCode = (code: number): string => texts[code] ?? 'Unknown error';

/** What a controller does not do, and says why. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: number;
  /** Further fields of the answer. */
  readonly more: object;

  constructor(status: number, code: number, message = textOfCode(code), more: object = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.more = more;
  }
}

export const wrongFormat = () => new Refusal(400, 6);
export const notAllowed = () => new Refusal(400, 4);
export const unauthenticated = (status = 401) => new Refusal(status, 3);

/** Of a member about itself, or of a primary about its members, by the numbers they tell each other. */
export const statuses = {
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
} as const;

export type Status = keyof typeof statuses | '';
