import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { settingNames } from '../bin/settings.ts';
import { overrides } from '../server/index.ts';
import { steered, type Steered } from './helpers/admin.ts';
import { valuesOf } from './snippets/yaml.ts';

// No cluster here: the shape is held by a strict schema of what we use, the rest by what a running exchange answers.
const text = readFileSync('deploy/kubernetes.yaml', 'utf8');
const dockerfile = readFileSync('Dockerfile', 'utf8');

const labels = z.record(z.string(), z.string());
const metadata = z.strictObject({ name: z.string(), labels });
const probe = z.strictObject({
  httpGet: z.strictObject({ path: z.string(), port: z.string() }),
  periodSeconds: z.int(),
  timeoutSeconds: z.int().optional(),
  failureThreshold: z.int().optional(),
});
const secretKey = z.strictObject({ secretKeyRef: z.strictObject({ name: z.string(), key: z.string() }) });
const container = z.strictObject({
  name: z.string(),
  image: z.string(),
  ports: z.array(z.strictObject({ name: z.string(), containerPort: z.int() })),
  env: z.array(
    z.union([
      z.strictObject({ name: z.string(), value: z.string() }),
      z.strictObject({ name: z.string(), valueFrom: secretKey }),
    ]),
  ),
  startupProbe: probe,
  readinessProbe: probe,
  livenessProbe: probe,
  resources: z.strictObject({ requests: labels, limits: labels }),
  securityContext: z.strictObject({
    allowPrivilegeEscalation: z.literal(false),
    readOnlyRootFilesystem: z.literal(true),
    capabilities: z.strictObject({ drop: z.tuple([z.literal('ALL')]) }),
  }),
  volumeMounts: z.array(z.strictObject({ name: z.string(), mountPath: z.string() })),
});
const deployment = z.strictObject({
  apiVersion: z.literal('apps/v1'),
  kind: z.literal('Deployment'),
  metadata,
  spec: z.strictObject({
    replicas: z.int(),
    selector: z.strictObject({ matchLabels: labels }),
    strategy: z.strictObject({ type: z.literal('Recreate') }),
    template: z.strictObject({
      metadata: z.strictObject({ labels }),
      spec: z.strictObject({
        automountServiceAccountToken: z.literal(false),
        terminationGracePeriodSeconds: z.int(),
        securityContext: z.strictObject({
          runAsNonRoot: z.literal(true),
          runAsUser: z.int(),
          runAsGroup: z.int(),
          fsGroup: z.int(),
          seccompProfile: z.strictObject({ type: z.literal('RuntimeDefault') }),
        }),
        containers: z.tuple([container]),
        volumes: z.array(z.strictObject({ name: z.string(), emptyDir: z.strictObject({}) })),
      }),
    }),
  }),
});
const service = z.strictObject({
  apiVersion: z.literal('v1'),
  kind: z.literal('Service'),
  metadata,
  spec: z.strictObject({
    selector: labels,
    ports: z.array(z.strictObject({ name: z.string(), port: z.int(), targetPort: z.string() })),
  }),
});
const [deployed, reached] = z.tuple([deployment, service]).parse(valuesOf(text));
const pod = deployed.spec.template;
const [papertape] = pod.spec.containers;

let exchange: Steered;
beforeAll(async () => (exchange = await steered()));
afterAll(async () => await exchange[Symbol.asyncDispose]());

test('the Service finds the pod, at the ports that the image exposes', () => {
  expect(deployed.spec.selector.matchLabels).toEqual(pod.metadata.labels);
  expect(reached.spec.selector).toEqual(pod.metadata.labels);
  const ports = papertape.ports.map(({ containerPort }) => String(containerPort));
  expect(dockerfile).toContain(`EXPOSE ${ports.join(' ')}\n`);
  expect(reached.spec.ports).toEqual(
    papertape.ports.map(({ name, containerPort }) => ({ name, port: containerPort, targetPort: name })),
  );
});

test('the probes ask for what answers with 200, without a token', async () => {
  const document = z
    .object({ paths: z.record(z.string(), z.unknown()) })
    .parse(await (await fetch(`${exchange.admin.url}/openapi.json`)).json());
  const urls: Readonly<Record<string, string>> = {
    exchange: exchange.papertape.httpUrl,
    admin: exchange.admin.url,
  };
  for (const { httpGet } of [papertape.startupProbe, papertape.readinessProbe, papertape.livenessProbe]) {
    expect((await fetch(`${urls[httpGet.port] ?? ''}${httpGet.path}`)).status, httpGet.path).toBe(200);
    expect(document.paths).toHaveProperty(httpGet.path);
  }
  // A pod whose tape broke gets no clients, and is not killed for it: its other runs play on.
  expect(papertape.readinessProbe.httpGet).toEqual({ path: '/ready', port: 'admin' });
  expect(papertape.livenessProbe.httpGet.path).toBe('/health');
});

test('its variables are ones that Papertape reads, and the token comes from the secret that the documents make', () => {
  const known = new Set([...settingNames, ...overrides.map(({ variable }) => variable)]);
  expect(papertape.env.map(({ name }) => name).filter((name) => !known.has(name))).toEqual([]);
  const token = papertape.env.find(({ name }) => name === 'PAPERTAPE_ADMIN_TOKEN');
  expect(token).toHaveProperty('valueFrom.secretKeyRef', { name: 'papertape-admin', key: 'token' });
  const command = 'kubectl create secret generic papertape-admin --from-literal=token=$(openssl rand -hex 24)';
  expect(text).toContain(command);
  expect(readFileSync('docs/ci.md', 'utf8')).toContain(command);
});

test('where the image writes something is mounted, for the user that it runs as', () => {
  const [, data] = /PAPERTAPE_DATA=(\S+)/.exec(dockerfile) ?? [];
  expect(papertape.volumeMounts.map(({ mountPath }) => mountPath)).toEqual([data, '/tmp']);
  expect(pod.spec.volumes.map(({ name }) => name)).toEqual(papertape.volumeMounts.map(({ name }) => name));
  expect(pod.spec.securityContext).toMatchObject({ runAsUser: 1000, fsGroup: 1000 });
});
