import { day, type Instant, iso, minute, second } from '#time';
import { Chance } from '../../kubernetes/population/chance.ts';

/** How much a controller has seen. */
export interface Size {
  readonly hosts: number;
  readonly services: number;
  readonly workloads: number;
  readonly registries: number;
  readonly imagesPerRegistry: number;
  /** Of each kind of event. */
  readonly events: number;
}

const usual: Size = {
  hosts: 3,
  services: 12,
  workloads: 40,
  registries: 2,
  imagesPerRegistry: 8,
  events: 12,
};

const at = Date.parse('2026-03-01T06:00:00Z');
const goTime = (instant: Instant): string => iso(instant).replace(/\.\d+Z$/, 'Z');

const apps = ['checkout', 'catalogue', 'kiosk', 'loyalty', 'payments', 'menu', 'orders', 'stock'];
const roles = ['api', 'web', 'worker', 'cache', 'db', 'gateway'];
const namespaces = ['shop', 'payments', 'platform', 'monitoring'];
const ports = ['tcp/443', 'tcp/80', 'tcp/5432', 'tcp/6379', 'tcp/8080', 'udp/53'];

/** What a controller has to tell an exporter: always the same of the same seed, and made when it is asked for. */
export class NeuVectorData {
  readonly #seed: string;
  readonly #size: Size;
  readonly #made = new Map<string, unknown>();

  constructor(seed: string, size: Partial<Size> = {}) {
    this.#seed = seed;
    this.#size = { ...usual, ...size };
  }

  #once<T>(name: string, make: (chance: Chance) => T): T {
    if (!this.#made.has(name)) this.#made.set(name, make(new Chance(this.#seed, name)));
    return this.#made.get(name) as T;
  }

  get hosts() {
    return this.#once('hosts', (chance) =>
      each(this.#size.hosts, (i) => ({
        id: `node-${i + 1}:${chance.hex(4).toUpperCase()}:${chance.hex(4).toUpperCase()}`,
        name: `node-${i + 1}`,
        runtime: 'containerd',
        platform: 'Kubernetes',
        os: 'SUSE Linux Enterprise Server 15 SP6',
        kernel: '6.4.0-150600.23.25-default',
        cpus: chance.pick([4, 8, 16]),
        memory: chance.pick([8, 16, 32]) * 2 ** 30,
        pods: 10 + chance.below(20),
        containers: 20 + chance.below(40),
        state: 'connected',
      })),
    );
  }

  get enforcers() {
    return this.#ofNeuVector('enforcer', this.#size.hosts);
  }

  get controllers() {
    return this.#ofNeuVector('controller', Math.min(3, this.#size.hosts));
  }

  #ofNeuVector(kind: 'enforcer' | 'controller', count: number) {
    return this.#once(`${kind}s`, (chance) =>
      each(count, (i) => ({
        id: chance.hex(64),
        name: `neuvector-${kind}-pod-${chance.suffix(5)}`,
        display_name: `neuvector-${kind}-pod-${chance.suffix(5)}`,
        host_name: this.hosts[i]!.name,
        host_id: this.hosts[i]!.id,
        version: 'v5.6.0',
        connection_state: 'connected',
        domain: 'neuvector',
      })),
    );
  }

  statsOf(kind: 'enforcer' | 'controller', id: string): object | undefined {
    const isKnown = (kind === 'enforcer' ? this.enforcers : this.controllers).some((one) => one.id === id);
    if (!isKnown) return undefined;
    const chance = new Chance(this.#seed, kind, id);
    const span = () => ({
      cpu: Math.round(chance.share() * 2_000) / 10_000,
      interval: 5,
      memory: (100 + chance.below(400)) * 2 ** 20,
      session_in: chance.below(50),
    });
    return {
      id,
      read_at: goTime(at),
      stats: { interval: 5, span_1: span(), span_12: span(), span_60: span() },
    };
  }

  get #services() {
    return this.#once('services', () =>
      each(this.#size.services, (i) => {
        const app = apps[i % apps.length]!;
        const role = roles[Math.floor(i / apps.length) % roles.length]!;
        const round = Math.floor(i / (apps.length * roles.length));
        const domain = namespaces[i % namespaces.length]!;
        const name = `${app}-${role}${round > 0 ? `-${round}` : ''}`;
        return { name, domain, service: `${name}.${domain}` };
      }),
    );
  }

  /** Some are sidecars, some were never scanned, most have nothing serious. */
  get workloads() {
    return this.#once('workloads', (chance) =>
      each(this.#size.workloads, (i) => {
        const { name, domain, service } = this.#services[i % this.#services.length]!;
        const host = chance.pick(this.hosts);
        const pod = `${name}-${chance.hex(10)}-${chance.suffix(5)}`;
        const isSidecar = i % 7 === 6;
        const isVulnerable = chance.share() < 0.6;
        return {
          id: chance.hex(64),
          name: `k8s_${name}_${pod}_${domain}`,
          display_name: isSidecar ? 'istio-proxy' : pod,
          pod_name: pod,
          host_name: host.name,
          host_id: host.id,
          image: isSidecar
            ? 'docker.io/istio/proxyv2:1.27.0'
            : `registry.example.com/${domain}/${name}:1.${i % 9}`,
          image_id: chance.hex(64),
          domain,
          state: 'protect',
          service,
          service_group: `nv.${service}`,
          service_mesh: isSidecar,
          service_mesh_sidecar: isSidecar,
          platform_role: '',
          scan_summary:
            i % 11 === 10
              ? null
              : {
                  status: 'finished',
                  high: isVulnerable ? chance.below(20) : 0,
                  medium: isVulnerable ? chance.below(40) : 0,
                  result: 'succeeded',
                  scanned_at: goTime(at),
                  base_os: 'sles:15.6',
                },
        };
      }),
    );
  }

  /** Some have no ports, some carry nothing, and one is told twice. */
  get conversations() {
    return this.#once('conversations', (chance) => {
      const conversations: Record<string, unknown>[] = each(this.#size.workloads, (i) => {
        const [from, to] = [chance.pick(this.workloads), chance.pick(this.workloads)];
        const isHost = i % 9 === 8;
        return {
          from: isHost ? `Host:${chance.pick(this.hosts).name}` : from.id,
          to: i % 8 === 7 ? 'external' : to.id,
          bytes: i % 6 === 5 ? 0 : 1 + chance.below(10_000_000),
          sessions: 1 + chance.below(500),
          severity: '',
          policy_action: 'allow',
          protocols: ['tcp'],
          ...(i % 10 !== 9 && { ports: each(1 + (i % 2), () => chance.pick(ports)) }),
          event_type: null,
          sidecar_proxy: false,
          xff_entry: false,
        };
      });
      if (conversations[0]) conversations.push({ ...conversations[0], bytes: 4_096 });
      return { conversations, endpoints: [] };
    });
  }

  get admission() {
    return this.#once('admission', (chance) => ({
      k8s_allowed_requests: 1_000 + chance.below(5_000),
      k8s_denied_requests: chance.below(50),
      k8s_erroneous_requests: 0,
      k8s_ignored_requests: chance.below(20),
      k8s_processing_requests: 0,
      jenkins_allowed_requests: 0,
      jenkins_denied_requests: 0,
      jenkins_erroneous_requests: 0,
    }));
  }

  get registries() {
    return this.#once('registries', () =>
      each(this.#size.registries, (i) => ({
        name: i === 0 ? 'store-registry' : `mirror-${i}`,
        registry_type: 'Docker Registry',
        registry: `https://registry-${i + 1}.example.com/`,
        status: 'idle',
        scanned: this.#size.imagesPerRegistry,
        scheduled: 0,
        scanning: 0,
        failed: 0,
        cvedb_version: '3.931',
        cvedb_create_time: goTime(at - day),
      })),
    );
  }

  imagesOf(registry: string): object | undefined {
    if (!this.registries.some(({ name }) => name === registry)) return undefined;
    return this.#once(`images/${registry}`, (chance) => ({
      images: each(this.#size.imagesPerRegistry, (i) => {
        const isVulnerable = i % 4 !== 3;
        const { name, domain } = this.#services[i % this.#services.length]!;
        return {
          domain: '',
          repository: `${domain}/${name}`,
          tag: `1.${i}`,
          image_id: chance.hex(64),
          digest: `sha256:${chance.hex(64)}`,
          high: isVulnerable ? chance.below(15) : 0,
          medium: isVulnerable ? 1 + chance.below(30) : 0,
          size: 10_000_000 + chance.below(400_000_000),
          status: 'finished',
          result: 'succeeded',
          base_os: 'alpine:3.22',
          scanned_at: goTime(at),
        };
      }),
    }));
  }

  get platforms() {
    return this.#once('platforms', (chance) => [
      {
        platform: 'Kubernetes',
        kube_version: '1.34.2',
        openshift_version: '',
        status: 'finished',
        high: chance.below(3),
        medium: 1 + chance.below(6),
        result: 'succeeded',
        scanned_at: goTime(at),
        cvedb_version: '3.931',
        cvedb_create_time: goTime(at - day),
      },
    ]);
  }

  get summary() {
    return this.#once('summary', () => ({
      hosts: this.hosts.length,
      controllers: this.controllers.length,
      enforcers: this.enforcers.length,
      disconnected_enforcers: 0,
      domains: namespaces.length,
      workloads: this.#size.workloads,
      running_workloads: Math.floor(this.#size.workloads * 0.95),
      running_pods: Math.ceil(this.#size.workloads / 2),
      services: this.#size.services,
      policy_rules: this.#size.services * 3,
      scanners: 2,
      platform: 'Kubernetes',
      kube_version: '1.34.2',
      openshift_version: '',
      cvedb_version: '3.931',
      cvedb_create_time: goTime(at - day),
      component_versions: ['v5.6.0'],
    }));
  }

  /** Every third comes from outside the cluster, where nothing has a namespace. */
  get threats() {
    return this.#once('threats', (chance) =>
      each(this.#size.events, (i) => {
        const [client, server] = [chance.pick(this.workloads), chance.pick(this.workloads)];
        const isOutside = i % 3 === 2;
        return {
          ...this.#event(chance, i),
          id: chance.uid(),
          name: chance.pick(['SQL.Injection', 'Ping.Death', 'DNS.Tunneling', 'SSL.Heartbleed']),
          severity: 'Critical',
          action: 'deny',
          client_workload_id: isOutside ? 'external' : client.id,
          client_workload_name: isOutside ? 'external' : client.display_name,
          ...(!isOutside && { client_workload_domain: client.domain }),
          server_workload_id: server.id,
          server_workload_name: server.display_name,
          server_workload_domain: server.domain,
          count: 1 + chance.below(5),
        };
      }),
    );
  }

  /** The first are of processes, one of a host; what is about files comes late, with several names. */
  get incidents() {
    return this.#once('incidents', (chance) =>
      each(this.#size.events, (i) => {
        const workload = chance.pick(this.workloads);
        const isOfHost = i === 2;
        const isOfFile = i >= 8;
        return {
          ...this.#event(chance, i),
          id: chance.uid(),
          name: isOfFile
            ? 'Container.Package.Updated'
            : isOfHost
              ? 'Host.Suspicious.Process'
              : 'Container.Suspicious.Process',
          cluster_name: 'cluster.local',
          ...(!isOfHost && {
            workload_id: workload.id,
            workload_name: workload.display_name,
            workload_domain: workload.domain,
            workload_service: workload.service,
          }),
          ...(isOfFile
            ? { file_path: '/var/lib/dpkg/status', file_name: ['status', 'status-old'] }
            : { proc_name: 'sh', proc_path: '/bin/busybox', proc_cmd: 'sh -c "id; uname -a"' }),
          proc_effective_uid: 0,
          proc_effective_user: 'root',
          action: 'violate',
        };
      }),
    );
  }

  get violations() {
    return this.#once('violations', (chance) =>
      each(this.#size.events, (i) => {
        const [client, server] = [chance.pick(this.workloads), chance.pick(this.workloads)];
        const isOutside = i % 4 === 3;
        return {
          ...this.#event(chance, i),
          id: chance.uid(),
          client_id: client.id,
          client_name: client.display_name,
          client_domain: client.domain,
          server_id: isOutside ? 'external' : server.id,
          server_name: isOutside ? 'external' : server.display_name,
          ...(!isOutside && { server_domain: server.domain }),
          server_port: chance.pick([80, 443, 5_432]),
          ip_proto: 6,
          applications: ['HTTP'],
          policy_action: 'violate',
          policy_id: 0,
          sessions: 1 + chance.below(20),
        };
      }),
    );
  }

  /** The newest first. */
  #event(chance: Chance, i: number) {
    const reported = at - i * 17 * minute - chance.below(600) * second;
    const host = chance.pick(this.hosts);
    return {
      reported_timestamp: Math.floor(reported / second),
      reported_at: goTime(reported),
      host_name: host.name,
      host_id: host.id,
      level: 'Warning',
    };
  }
}

const each = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i));
