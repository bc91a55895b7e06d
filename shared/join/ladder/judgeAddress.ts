import ipaddr from 'ipaddr.js';
import { keptCause, type Text } from '#errors';
import { classify } from '#net';
import type { Cause } from '../model.ts';
import { addressOf, type Place } from './derive.ts';

/** What speaks against a primary in another cluster reaching this address; undefined where nothing does. */
export function judgeAddress(place: Place): Cause | undefined {
  const kind = kindOf(place.server.toLowerCase().replace(/\.$/, ''));
  return kind && keptCause({ code: 'JOIN_ADDRESS_DOUBTFUL', values: { advertised: addressOf(place), kind } });
}

function kindOf(server: string): Text | undefined {
  const host = /^\[(.+)\]$/.exec(server)?.[1] ?? server;
  if (ipaddr.isValid(host)) return kindOfIp(host);
  if (host === 'localhost' || host.endsWith('.localhost')) return loopback;
  if (inClusterName.test(host)) return inside;
  return host.includes('.') ? undefined : single;
}

/** Of services: in full, or as the examples of earlier systems have it, with the namespace alone. */
const inClusterName = /\.svc$|\.cluster\.local$|^neuvector-svc-[a-z-]+\.[a-z0-9-]+$/;

function kindOfIp(host: string): Text | undefined {
  switch (classify(ipaddr.parse(host))) {
    case 'loopback':
      return loopback;
    case 'forbidden':
      return nobodys;
    case 'special':
      return reserved;
    default:
      return undefined;
  }
}

const loopback = { en: 'a loopback address', zh: '这是回环地址' };
const inside = { en: 'a name that only this cluster’s own DNS knows', zh: '该名称仅在本集群的 DNS 内有效' };
const single = { en: 'a name without a domain', zh: '该名称没有域' };
const nobodys = { en: 'a link-local or unspecified address', zh: '这是链路本地或未指定地址' };
const reserved = { en: 'an address of a reserved range', zh: '该地址属于保留网段' };
