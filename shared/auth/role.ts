/** In rising order: each may do all that those before it may. */
export const roles = ['viewer', 'operator', 'admin'] as const;
export type Role = (typeof roles)[number];

export const includes = (role: Role, needed: Role): boolean => roles.indexOf(role) >= roles.indexOf(needed);

export const isRole = (value: unknown): value is Role => (roles as readonly unknown[]).includes(value);

export const highest = (found: readonly Role[]): Role | undefined =>
  roles.toReversed().find((role) => found.includes(role));
