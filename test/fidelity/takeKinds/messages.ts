import { execFile } from 'node:child_process';
import { glob, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { MessageField, Protobuf } from '../../../infra/world/kubernetes/kinds/data.ts';
import type { OpenapiSchema } from '../../../infra/world/kubernetes/kinds/openapiSchema.ts';
import { gvk } from '../../../infra/world/kubernetes/kinds/resources.ts';
import { goFolder } from '../controlPlane/versions.ts';

type Message = Record<string, MessageField>;

/**
 * The protobuf form of kinds, which no server tells: from the sources that this server was built of. Kinds are named
 * as OpenAPI names them.
 */
export async function takeMessages(documents: Iterable<string>): Promise<Protobuf> {
  const all = new Map<string, Message>();
  for (const folder of await sources())
    for await (const file of glob('**/generated.proto', { cwd: folder }))
      for (const [name, message] of await messagesOf(join(folder, file))) all.set(name, message);
  const kinds: Record<string, string> = {};
  for (const document of documents)
    for (const [name, definition] of Object.entries(schemasOf(document)))
      for (const { group, version, kind } of definition['x-kubernetes-group-version-kind'] ?? [])
        if (all.has(name)) kinds[gvk(group, version, kind)] = name;
  const messages: Record<string, Message> = {};
  const add = (name: string) => {
    const message = all.get(name);
    if (!message || messages[name]) return;
    messages[name] = message;
    for (const { type } of Object.values(message)) add(type);
  };
  for (const name of Object.values(kinds)) add(name);
  return { kinds, messages };
}

function schemasOf(document: string): Record<string, OpenapiSchema> {
  const { components } = JSON.parse(document) as { components?: { schemas?: Record<string, OpenapiSchema> } };
  return components?.schemas ?? {};
}

async function sources(): Promise<string[]> {
  const modules = ['api', 'apimachinery', 'apiextensions-apiserver', 'kube-aggregator'];
  const { stdout } = await promisify(execFile)(
    'go',
    ['mod', 'download', '-json', ...modules.map((name) => `k8s.io/${name}`)],
    { cwd: goFolder },
  );
  return [...stdout.matchAll(/"Dir": "(.*)"/g)].map(([, folder]) => folder!);
}

/** `k8s.io.api_server.v1.X` of a proto file is `io.k8s.api-server.v1.X` in OpenAPI. */
const openapiName = (name: string): string => name.replace(/^k8s\.io\./, 'io.k8s.').replaceAll('_', '-');

async function messagesOf(file: string): Promise<Map<string, Message>> {
  const proto = await readFile(file, 'utf8');
  const own = /^package (.+);$/m.exec(proto)![1]!;
  const typeNamed = (type: string) => {
    if (type.startsWith('.')) return openapiName(type.slice(1));
    return /^[A-Z]/.test(type) ? openapiName(`${own}.${type}`) : type;
  };
  const tags = await goTags(dirname(file));
  const messages = new Map<string, Message>();
  for (const [, name, body] of proto.matchAll(/^message (\w+) \{\n(.*?)^\}/gms)) {
    const message: Message = {};
    for (const [, label, value, type, field, number] of body!.matchAll(
      /^ {2}(optional|repeated|map<string, (\S+)>) (?:(\S+) )?(\w+) = (\d+);$/gm,
    )) {
      const tag = tags.get(`${name} ${number}`);
      message[number!] = {
        name: tag?.name || field!,
        type: typeNamed((value ?? type)!),
        ...(value ? { is: 'map' as const } : label === 'repeated' ? { is: 'list' as const } : {}),
        ...(tag?.is ? { is: tag.is } : {}),
        ...(tag?.isWhole ? { isWhole: true } : {}),
      };
    }
    // A list or text that has a type of its own is a struct only in protobuf.
    const [only, ...others] = Object.values(message);
    if (only && others.length === 0 && !tags.has(`${name} 1`)) message[1] = { ...only, isWhole: true };
    messages.set(openapiName(`${own}.${name}`), message);
  }
  return messages;
}

interface Tag {
  name: string;
  is?: 'pointer' | 'inline';
  isWhole?: true;
}

/** What only the Go types know of a field: its name in JSON, and whether it may be absent or is part of its parent. */
async function goTags(folder: string): Promise<ReadonlyMap<string, Tag>> {
  const tags = new Map<string, Tag>();
  for await (const file of glob('*.go', { cwd: folder })) {
    if (/_test\.go$|generated|zz_/.test(file)) continue;
    const source = await readFile(join(folder, file), 'utf8');
    for (const [, struct, body] of source.matchAll(/^type (\w+) struct \{\n(.*?)^\}/gms))
      for (const [, type, name, options, number] of body!.matchAll(
        /^\t(?:\w+\s+)?(\S+)\s+`json:"(\w*)([^"]*)".* protobuf:"\w+,(\d+),/gm,
      )) {
        tags.set(`${struct} ${number}`, { name: name!, ...roleOf(type!, name!, options!) });
      }
  }
  return tags;
}

function roleOf(type: string, name: string, options: string): Omit<Tag, 'name'> {
  if (name === '') return options === '-' ? { isWhole: true } : { is: 'inline' };
  return type.startsWith('*') ? { is: 'pointer' } : {};
}
