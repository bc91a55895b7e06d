import childProcess from 'node:child_process';
import dgram from 'node:dgram';
import dns from 'node:dns';
import fs, { readFileSync } from 'node:fs';
import fsPromises from 'node:fs/promises';
import http from 'node:http';
import https from 'node:https';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import tls from 'node:tls';
import { expect, test } from 'vitest';
import { readContexts, readKubeconfig } from '../../../../shared/clusters/kubeconfig/readKubeconfig.ts';
import { DroverError } from '../../../../shared/errors/index.ts';
import { corpus } from './corpus.ts';

const outside: Record<string, object> = {
  childProcess,
  dgram,
  dns,
  fs,
  fsPromises,
  http,
  https,
  net,
  tls,
};

/** Runs something with every function of files, processes and networks replaced by one that only notes the call. */
function callsDuring(run: () => void): string[] {
  const calls: string[] = [];
  const put: (() => void)[] = [];
  for (const [name, functions] of Object.entries(outside)) {
    for (const [key, { value, writable }] of Object.entries(Object.getOwnPropertyDescriptors(functions))) {
      if (typeof value !== 'function' || !writable) continue;
      Reflect.set(functions, key, function noted() {
        calls.push(`${name}.${key}`);
        throw new Error(`${name}.${key} was called`);
      });
      put.push(() => Reflect.set(functions, key, value));
    }
  }
  syncBuiltinESMExports();
  try {
    run();
  } finally {
    for (const back of put) back();
    syncBuiltinESMExports();
  }
  return calls;
}

// client-node opens a token file while it parses and runs exec.
test('test idea 14: no kubeconfig of the corpus opens a file, runs a process or sends a packet', () => {
  const codes: string[] = [];
  const calls = callsDuring(() => {
    for (const [, text] of corpus) {
      for (const read of [() => readKubeconfig(text), () => readContexts(text)]) {
        try {
          read();
        } catch (error) {
          codes.push(error instanceof DroverError ? error.code : String(error));
        }
      }
    }
  });
  expect(calls).toEqual([]);
  expect(codes.filter((code) => !/^[A-Z_]+$/.test(code))).toEqual([]);
});

test('the watch over calls sees them', () => {
  const calls = callsDuring(() => {
    for (const call of [
      () => fs.readFileSync('/etc/hosts'),
      () => readFileSync('/etc/hosts'),
      () => childProcess.spawnSync('id'),
      () => net.connect(1),
      () => new net.Socket(),
      () => dns.lookup('localhost', () => {}),
    ]) {
      expect(call).toThrow('was called');
    }
  });
  expect(calls).toEqual([
    'fs.readFileSync',
    'fs.readFileSync',
    'childProcess.spawnSync',
    'net.connect',
    'net.Socket',
    'dns.lookup',
  ]);
});
