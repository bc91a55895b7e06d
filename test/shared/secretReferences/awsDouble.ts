import { createServer } from 'node:http';

/**
 * A double of Parameter Store and Secrets Manager: the JSON protocol of the two reading operations. It checks neither
 * signatures nor rights.
 */
export async function anAwsDouble() {
  const parameters = new Map<string, string>();
  const secrets = new Map<string, string>();
  const calls: string[] = [];
  let fault: { status: number; type: string } | undefined;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, string | boolean>;
      const answer = (status: number, content: object) =>
        response
          .writeHead(status, { 'content-type': 'application/x-amz-json-1.1' })
          .end(JSON.stringify(content));
      const operation = String(request.headers['x-amz-target']).split('.')[1];
      calls.push(`${operation} ${body.Name ?? body.SecretId}`);
      if (fault) return answer(fault.status, { __type: fault.type, message: 'on demand' });
      if (operation === 'GetParameter') {
        const value = body.WithDecryption === true ? parameters.get(String(body.Name)) : 'AQICAHh…';
        if (value === undefined) return answer(400, { __type: 'ParameterNotFound' });
        return answer(200, {
          Parameter: { Name: body.Name, Type: 'SecureString', Value: value, Version: 1 },
        });
      }
      const value = secrets.get(String(body.SecretId));
      if (value === undefined) return answer(400, { __type: 'ResourceNotFoundException' });
      return answer(200, { Name: body.SecretId, SecretString: value });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    parameters,
    secrets,
    calls,
    endpoint: `http://127.0.0.1:${(server.address() as { port: number }).port}`,
    failWith(status: number, type: string) {
      fault = { status, type };
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
