export type { TlsOptions } from './connect.ts';
export { type NetCode, netErrors } from './errors.ts';
export { faultOf } from './faults.ts';
export { type Resolve, systemResolve } from './names.ts';
export { createNet, type Net, type NetSettings } from './net.ts';
export { type PolicyName, parsePolicy } from './policy.ts';
export type { Answer, Outgoing } from './send.ts';
export type { Target } from './target.ts';
