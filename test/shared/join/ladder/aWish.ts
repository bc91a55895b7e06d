import type { Wish } from '../../../../shared/join/model.ts';

export const aWish = (given: Partial<Wish> = {}): Wish => ({
  storeId: 'u2204a',
  clusterName: null,
  advertise: { server: null, port: null },
  primary: null,
  tokenGivenAt: null,
  tokenUrl: null,
  maxAttempts: 10,
  stayJoined: 'mend',
  contract: 'controller',
  ...given,
});
