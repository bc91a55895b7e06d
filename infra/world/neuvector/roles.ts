export const roleNames = ['', 'reader', 'admin', 'fedReader', 'fedAdmin'] as const;
export type Role = (typeof roleNames)[number];

/** What a request needs of whoever sends it. `anyone`: no sign-in; `user`: any; `member`: may see the federation. */
export type Need = 'anyone' | 'user' | 'read' | 'member' | 'admin' | 'fedRead' | 'fedAdmin';

const mayOf: Readonly<Record<Role, readonly Need[]>> = {
  '': ['user'],
  reader: ['user', 'read', 'member'],
  admin: ['user', 'read', 'member', 'admin'],
  fedReader: ['user', 'read', 'member', 'fedRead'],
  fedAdmin: ['user', 'read', 'member', 'admin', 'fedRead', 'fedAdmin'],
};

export const may = (role: Role, need: Need): boolean => need === 'anyone' || mayOf[role].includes(need);

export const isOfFederation = (role: Role): boolean => role === 'fedAdmin' || role === 'fedReader';
