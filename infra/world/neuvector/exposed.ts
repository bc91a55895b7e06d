import type { Clock } from '#time';
import { type FaultyPort, openFaulty } from '../exposed.ts';
import { type Identity, modeOf } from '../faults/connectionMode.ts';
import type { Fault } from '../faults/fault.ts';
import { Faults } from '../faults/faults.ts';
import { respond } from '../faults/respond.ts';
import type { Mode } from '../host/listener.ts';
import { type Incoming, readRequest } from '../host/readRequest.ts';
import { acceptsGzip } from '../host/serve.ts';
import { type Outgoing, writeAnswer } from '../host/writeAnswer.ts';
import type { Certified } from '../pki/index.ts';
import { controllerNames as names } from './certificate.ts';
import type { Controller } from './controller.ts';
import type { ListenerName } from './route.ts';
import { tlsContext } from './versions.ts';

export interface ExposedController extends AsyncDisposable {
  readonly controller: Controller;
  readonly rest: FaultyPort;
  /** Closed while the controller is no primary. */
  readonly federation: FaultyPort;
}

/** Longer bodies are compressed for who can read it. */
const gzipThreshold = 1_200;

/** Opens a controller's two listeners. Port 0 is a free one. */
export async function exposeController(
  controller: Controller,
  given: {
    certificate: Certified;
    port?: number;
    federationPort?: number;
    faults?: readonly Fault[];
  },
): Promise<ExposedController> {
  const { clock, name } = controller;
  const { certificate } = given;
  const identity: Identity = { ca: certificate, caName: 'neuvector', server: certificate, names };
  const whole = (mode: Mode): Mode => (mode.is === 'tls' ? asController(mode, controller) : mode);
  await using undo = new AsyncDisposableStack();
  const open = async (listener: ListenerName, port = 0, first: readonly Fault[] = []) => {
    const faults = new Faults(`${name}/${listener}`);
    for (const fault of first) faults.add(fault);
    const isOpen = () => listener === 'rest' || controller.state.role === 'master';
    return undo.use(
      await openFaulty({
        port,
        faults,
        mode: (fault) => (isOpen() ? whole(modeOf(fault, identity, clock.now())) : { is: 'closed' }),
        handler: (incoming, outgoing, reset) =>
          void serve(incoming, outgoing, reset, { controller, listener, faults, clock }),
      }),
    );
  };
  const rest = await open('rest', given.port, given.faults);
  const federation = await open('federation', given.federationPort);
  controller.roleChanged = () => federation.refresh();
  undo.use(controller);
  const opened = undo.move();
  return { controller, rest, federation, [Symbol.asyncDispose]: () => opened.disposeAsync() };
}

/** HTTP/1.1 alone, no client certificate asked for, and no older TLS than its version speaks. */
function asController(mode: Extract<Mode, { is: 'tls' }>, { settings }: Controller): Mode {
  return { ...mode, isHttp1: true, context: mode.context ?? tlsContext(settings.version) };
}

async function serve(
  incoming: Incoming,
  outgoing: Outgoing,
  reset: () => void,
  to: { controller: Controller; listener: ListenerName; faults: Faults; clock: Clock },
): Promise<void> {
  const { controller, listener, faults, clock } = to;
  const gone = new AbortController();
  outgoing.once('close', () => gone.abort());
  outgoing.on('error', () => gone.abort());
  try {
    const request = await readRequest(incoming, gone.signal);
    if (!request) return reset();
    const answering = { answer: () => controller.answer(listener, request) };
    const delivery = await respond(answering, faults, request, clock);
    if (delivery === 'hang') return;
    const wire = { outgoing, headers: {}, acceptsGzip: acceptsGzip(incoming), isFlow: false, reset };
    await writeAnswer(delivery, { ...wire, gzipThreshold });
  } catch (error) {
    if (gone.signal.aborted) return;
    console.error(error);
    reset();
  }
}
