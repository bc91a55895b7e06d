import type { Text } from '#errors';

/** What a setting's text may be. `read` answers undefined for a text that is none of it. */
export interface Kind<T> {
  /** As the settings table shows it, and as an error says what was expected. */
  readonly shape: Text;
  read(text: string): T | undefined;
}

export const text: Kind<string> = {
  shape: { en: 'text', zh: '文本' },
  read: (given) => given,
};

export const path: Kind<string> = {
  shape: { en: 'a path', zh: '路径' },
  read: (given) => given,
};

const flags = new Map<string, boolean>([
  ...(['true', '1', 'yes', 'on'] as const).map((text) => [text, true] as const),
  ...(['false', '0', 'no', 'off'] as const).map((text) => [text, false] as const),
]);

export const flag: Kind<boolean> = {
  shape: { en: 'true or false', zh: 'true 或 false' },
  read: (given) => flags.get(given.toLowerCase()),
};

export const port: Kind<number> = {
  shape: { en: 'a port from 1 to 65535', zh: '1 到 65535 的端口' },
  read: (given) => {
    const value = Number(given);
    return /^\d{1,5}$/.test(given) && value >= 1 && value <= 65_535 ? value : undefined;
  },
};

export function integer(least: number, most: number): Kind<number> {
  return {
    shape: { en: `a number from ${least} to ${most}`, zh: `${least} 到 ${most} 的整数` },
    read: (given) => {
      const value = Number(given);
      return /^\d{1,9}$/.test(given) && value >= least && value <= most ? value : undefined;
    },
  };
}

export function oneOf<const Choice extends string>(...choices: Choice[]): Kind<Choice> {
  return {
    shape: { en: `one of ${choices.join(', ')}`, zh: `${choices.join('、')} 之一` },
    read: (given) => choices.find((choice) => choice === given),
  };
}

const hostName = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*\.?$/i;
const isHost = (given: string): boolean =>
  given.length <= 253 && (hostName.test(given) || /^[0-9a-f:]*:[0-9a-f:.]*$/i.test(given));

/** Without brackets. */
export const host: Kind<string> = {
  shape: { en: 'a host name or IP address', zh: '主机名或 IP 地址' },
  read: (given) => (isHost(given) ? given : undefined),
};

export const hostPort: Kind<string> = {
  shape: { en: 'host:port', zh: '主机:端口' },
  read: (given) => {
    const [, v6, name, number] = /^(?:\[([^\]]+)\]|([^:]+)):(\d+)$/.exec(given) ?? [];
    const found = v6 ?? name;
    return found !== undefined && number !== undefined && isHost(found) && port.read(number) !== undefined
      ? given
      : undefined;
  },
};

/** With a query, in which a service may want its own words. */
export const httpsUrl: Kind<string> = {
  shape: { en: 'an address: https://…', zh: '地址：https://…' },
  read: (given) => {
    const parsed = URL.parse(given);
    return parsed?.protocol === 'https:' && `${parsed.username}${parsed.password}${parsed.hash}` === ''
      ? given
      : undefined;
  },
};

/** SHA-256, as openssl prints it or without the colons. */
export const fingerprint: Kind<string> = {
  shape: { en: '64 hexadecimal digits', zh: '64 个十六进制数字' },
  read: (given) => (/^[0-9a-f]{64}$/i.test(given.replaceAll(':', '')) ? given : undefined),
};

/** An address without user name, query or fragment, and without a slash at its end. */
export function url(...schemes: ('http' | 'https')[]): Kind<string> {
  const names = schemes.map((scheme) => `${scheme}://…`);
  return {
    shape: { en: `an address: ${names.join(' or ')}`, zh: `地址：${names.join(' 或 ')}` },
    read: (given) => {
      const parsed = URL.parse(given);
      const isPlain =
        parsed !== null &&
        schemes.some((scheme) => parsed.protocol === `${scheme}:`) &&
        `${parsed.username}${parsed.password}${parsed.search}${parsed.hash}` === '';
      return isPlain ? given.replace(/\/+$/, '') : undefined;
    },
  };
}

export const origin: Kind<string> = {
  shape: { en: 'an origin: https://host:port', zh: '来源：https://主机:端口' },
  read: (given) => (URL.parse(given)?.origin === given ? given : undefined),
};

/** `10.0.0.0/8`, `host`, `*.domain`, each with `:port` or without, prefixed `!` to deny. `#net` gives it its meaning. */
export const target: Kind<string> = {
  shape: {
    en: 'CIDR, host or *.domain, with :port or without, ! before it denies',
    zh: 'CIDR、主机或 *.域名，可带 :端口，前缀 ! 表示拒绝',
  },
  read: (given) =>
    /^!?(\[[0-9a-f:.]+\](\/\d{1,3})?|[0-9a-f:.]*:[0-9a-f:.]*:[0-9a-f:.]*(\/\d{1,3})?|(\*\.)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?(\/\d{1,2})?)(:\d{1,5})?$/i.test(
      given,
    )
      ? given
      : undefined,
};

/** Comma-separated; spaces around the parts and empty parts are of no matter. */
export function list<T>(of: Kind<T>): Kind<readonly T[]> {
  return {
    shape: { en: `comma-separated: ${of.shape.en}`, zh: `逗号分隔：${of.shape.zh}` },
    read: (given) => {
      const parts = given
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== '')
        .map((part) => of.read(part));
      return parts.some((part) => part === undefined) ? undefined : (parts as T[]);
    },
  };
}
