import { basename, dirname, join, normalize } from 'node:path'
import { validate as deployment } from 'kubernetes-models/_schemas/IoK8sApiAppsV1Deployment'
import { validate as autoscaler } from 'kubernetes-models/_schemas/IoK8sApiAutoscalingV2HorizontalPodAutoscaler'
import { validate as configMap } from 'kubernetes-models/_schemas/IoK8sApiCoreV1ConfigMap'
import { validate as namespace } from 'kubernetes-models/_schemas/IoK8sApiCoreV1Namespace'
import { validate as secret } from 'kubernetes-models/_schemas/IoK8sApiCoreV1Secret'
import { validate as service } from 'kubernetes-models/_schemas/IoK8sApiCoreV1Service'
import { validate as serviceAccount } from 'kubernetes-models/_schemas/IoK8sApiCoreV1ServiceAccount'
import { validate as ingress } from 'kubernetes-models/_schemas/IoK8sApiNetworkingV1Ingress'
import { validate as networkPolicy } from 'kubernetes-models/_schemas/IoK8sApiNetworkingV1NetworkPolicy'
import { validate as disruptionBudget } from 'kubernetes-models/_schemas/IoK8sApiPolicyV1PodDisruptionBudget'
import { expect, test } from 'vitest'
import { filesUnder, namesInSources, readDocuments, readYaml, unknownWords } from './testing/deploy-files.ts'

type Check = ((data: unknown) => boolean) & Readonly<{ errors?: unknown }>

const KINDS: Readonly<Record<string, Check>> = {
  'apps/v1 Deployment': deployment,
  'autoscaling/v2 HorizontalPodAutoscaler': autoscaler,
  'v1 ConfigMap': configMap,
  'v1 Namespace': namespace,
  'v1 Secret': secret,
  'v1 Service': service,
  'v1 ServiceAccount': serviceAccount,
  'networking.k8s.io/v1 Ingress': ingress,
  'networking.k8s.io/v1 NetworkPolicy': networkPolicy,
  'policy/v1 PodDisruptionBudget': disruptionBudget,
}

type Named = Readonly<{ apiVersion: string; kind: string; metadata: Readonly<{ name: string }> }>
type Kustomization = Readonly<{ resources: readonly string[]; patches?: readonly Readonly<{ path: string }>[] }>
type Container = Readonly<{
  args: readonly string[]
  env?: readonly Readonly<{ name: string }>[]
  envFrom: readonly Readonly<Record<string, Readonly<{ name: string }>>>[]
  ports: readonly Readonly<{ containerPort: number }>[]
  readinessProbe: Probe
  livenessProbe: Probe
  startupProbe: Probe
  resources: Readonly<{ requests: object; limits: object }>
  securityContext: object
  volumeMounts: readonly Readonly<{ mountPath: string }>[]
}>
type Probe = Readonly<{ httpGet: Readonly<{ path: string; port: string }> }>
type Pods = Readonly<{ terminationGracePeriodSeconds: number; securityContext: object; containers: readonly [Container] }>
type Deployment = Named & Readonly<{ spec: Readonly<{ selector: Labels; template: Readonly<{ metadata: object; spec: Pods }> }> }>
type Labels = Readonly<{ matchLabels: object }>

const FOLDER = 'deploy/kubernetes'
const files = filesUnder(FOLDER)
const kustomizations = files.filter((file) => basename(file) === 'kustomization.yaml')
const inKustomizations = (key: 'resources' | 'patches') =>
  kustomizations.flatMap((file) => {
    const { resources, patches = [] } = readYaml(file) as Kustomization
    return (key === 'resources' ? resources : patches.map(({ path }) => path)).map((path) => normalize(join(dirname(file), path)))
  })
const patches = inKustomizations('patches')
const resources = files.filter((file) => !kustomizations.includes(file) && !patches.includes(file)).flatMap(documentsOf)
const find = (kind: string, name: string) => resources.find((one) => one.kind === kind && one.metadata.name === name)
const deployments = () => resources.filter((one): one is Deployment => one.kind === 'Deployment')

function documentsOf(file: string): Named[] {
  return readDocuments(file) as Named[]
}

test('each manifest, and each as its overlay changes it, fits the schema of its kind and has no field that the schema does not have', () => {
  const merged = patches.flatMap(documentsOf).map((patch) => {
    const base = find(patch.kind, patch.metadata.name)
    expect([patch.metadata.name, base !== undefined]).toEqual([patch.metadata.name, true])
    return merge(base, patch) as Named
  })
  expect(merged).toHaveLength(4)
  for (const manifest of [...resources, ...merged]) {
    const kind = `${manifest.apiVersion} ${manifest.kind}`
    const seen = new Set<string>()
    const fits = KINDS[kind]?.(watched(manifest, '', seen))
    expect({ kind, name: manifest.metadata.name, fits, errors: KINDS[kind]?.errors ?? null }).toMatchObject({
      fits: true,
      errors: null,
    })
    expect(pathsOf(manifest).filter((path) => !seen.has(path) && !isFree(path))).toEqual([])
  }
})

test('the schemas find what is wrong', () => {
  const seen = new Set<string>()
  const wrong = { ...find('Deployment', 'greenroom-api'), spec: { replica: 2 } }
  expect(deployment(watched(wrong, '', seen))).toBe(false)
  expect(pathsOf(wrong).filter((path) => !seen.has(path) && !isFree(path))).toEqual(['/spec/replica'])
})

test('every file is part of a kustomization but the example of a secret, and what a kustomization names is there', () => {
  const named = [...inKustomizations('resources'), ...patches]
  const parts = new Set(named)
  const alone = files.filter((file) => !parts.has(file) && !kustomizations.includes(file))
  expect(alone).toEqual([join(FOLDER, 'base/secret.example.yaml')])
  expect(named.filter((path) => !files.includes(path) && !kustomizations.includes(join(path, 'kustomization.yaml')))).toEqual([])
})

test('pods run what there is, without root and rights, with probes, limits and the time that calls take', async () => {
  const known = namesInSources()
  for (const { spec } of deployments()) {
    const pods = spec.template.spec
    const [container] = pods.containers
    expect(await unknownWords(container.args)).toEqual([])
    expect(pods.securityContext).toMatchObject({
      runAsNonRoot: true,
      runAsUser: 10_001,
      seccompProfile: { type: 'RuntimeDefault' },
    })
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    })
    expect(container.volumeMounts.map(({ mountPath }) => mountPath)).toEqual(['/data', '/tmp'])
    expect(container.resources).toMatchObject({
      requests: { memory: expect.any(String) },
      limits: { memory: expect.any(String) },
    })
    expect([container.livenessProbe, container.startupProbe].map(({ httpGet }) => httpGet.path)).toEqual(['/healthz', '/healthz'])
    expect(container.readinessProbe.httpGet).toEqual({ path: '/readyz', port: 'http' })
    expect(container.ports[0]?.containerPort).toBe(8000)
    expect(spec.template.metadata).toMatchObject({ labels: spec.selector.matchLabels })
    const from = container.envFrom.map((one) => Object.values(one)[0]?.name)
    expect(from).toEqual(['greenroom-settings', 'greenroom-secrets'])
  }
  const settings = find('ConfigMap', 'greenroom-settings') as Named & { data: Record<string, string> }
  const secrets = find('Secret', 'greenroom-secrets') as Named & { stringData: Record<string, string> }
  const patched = patches.flatMap(documentsOf) as (Named & { data?: object; spec?: Deployment['spec'] })[]
  const names = [
    ...Object.keys({ ...settings.data, ...secrets.stringData }),
    ...patched.flatMap(({ data = {}, spec }) => [
      ...Object.keys(data),
      ...(spec?.template.spec.containers[0].env ?? []).map((one) => one.name),
    ]),
  ]
  expect(names.filter((name) => !known.has(name))).toEqual([])
  expect(names).toEqual(expect.arrayContaining(['AGENT_FILTER', 'AGENT_TYPE', 'GREENROOM_SECRET_KEY', 'DATABASE_URL']))
  const worker = find('Deployment', 'greenroom-worker') as Deployment
  expect(worker.spec.template.spec.terminationGracePeriodSeconds).toBeGreaterThan(
    Number(settings.data['GREENROOM_DRAIN_SECONDS']),
  )
})

test('workers are scaled by the calls that they hold, as the adapter offers them, before they are full', () => {
  const scaled = find('HorizontalPodAutoscaler', 'greenroom-worker') as Named & {
    spec: { scaleTargetRef: object; metrics: [{ pods: { metric: { name: string }; target: { averageValue: string } } }] }
  }
  const [{ pods }] = scaled.spec.metrics
  const adapter = readYaml('deploy/prometheus/adapter.yaml') as { rules: { custom: { name: { as: string } }[] } }
  expect(adapter.rules.custom.map(({ name }) => name.as)).toContain(pods.metric.name)
  expect(scaled.spec.scaleTargetRef).toEqual({ apiVersion: 'apps/v1', kind: 'Deployment', name: 'greenroom-worker' })
  const { data } = find('ConfigMap', 'greenroom-settings') as Named & { data: Record<string, string> }
  expect(Number(pods.target.averageValue)).toBeLessThan(Number(data['GREENROOM_MAX_SESSIONS']))
})

/** As kustomize merges: objects by key, lists of named things by name, other lists as a whole. */
function merge(base: unknown, patch: unknown): unknown {
  if (Array.isArray(base) && Array.isArray(patch) && patch.every(isNamed))
    return base.map((one: unknown) => merge(one, patch.find((other) => isNamed(one) && other.name === one.name) ?? one))
  if (!isObject(base) || !isObject(patch)) return patch
  return { ...base, ...Object.fromEntries(Object.entries(patch).map(([key, value]) => [key, merge(base[key], value)])) }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isNamed = (value: unknown): value is { name: string } => isObject(value) && typeof value['name'] === 'string'

/** Schemas of Kubernetes let unknown fields pass; but a check reads each field that its schema has, and no other. */
function watched(value: unknown, path: string, seen: Set<string>): unknown {
  if (typeof value !== 'object' || value === null) return value
  return new Proxy(value, {
    get(target, key, receiver): unknown {
      if (typeof key === 'symbol') return Reflect.get(target, key, receiver)
      seen.add(`${path}/${key}`)
      return watched(Reflect.get(target, key, receiver), `${path}/${key}`, seen)
    },
  })
}

const pathsOf = (value: unknown, path = ''): string[] =>
  typeof value !== 'object' || value === null
    ? []
    : Object.entries(value).flatMap(([key, inner]) => [`${path}/${key}`, ...pathsOf(inner, `${path}/${key}`)])

/** What people name as they like, and amounts. */
const isFree = (path: string): boolean =>
  /\/(?:labels|annotations|matchLabels|selector|data|stringData|requests|limits)\/[^/]+$/.test(path)
