// What Lambda's Node runtime does, less what it does for others: loads the handler, then answers calls one by one.
import { get, request } from 'node:http';

const api = `http://${process.env.AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime`;
const [, file, name] = /^(.*)\.(\w+)$/.exec(process.env._HANDLER);
const { [name]: handler } = await import(file);

for (;;) {
  const { headers, body } = await next();
  const id = headers['lambda-runtime-aws-request-id'];
  const deadline = Number(headers['lambda-runtime-deadline-ms']);
  const context = { awsRequestId: id, getRemainingTimeInMillis: () => deadline - Date.now() };
  const answer = await handler(JSON.parse(body), context);
  await respond(id, JSON.stringify(answer ?? null));
}

function next() {
  return new Promise((resolve, reject) => {
    get(`${api}/invocation/next`, (answer) => {
      let body = '';
      answer.setEncoding('utf8').on('data', (chunk) => {
        body += chunk;
      });
      answer.on('end', () => resolve({ headers: answer.headers, body }));
    }).on('error', reject);
  });
}

function respond(id, body) {
  return new Promise((resolve, reject) => {
    const { user, system } = process.cpuUsage();
    const headers = { 'x-cpu-ms': (user + system) / 1000 };
    const call = request(`${api}/invocation/${id}/response`, { method: 'POST', headers }, (answer) => {
      answer.resume().on('end', resolve);
    });
    call.on('error', reject).end(body);
  });
}
