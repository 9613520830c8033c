import type { ContainerView, PodView } from './pod-spec.ts';
import { asList, asObject, asText, asTexts, at, entriesOf, type JsonObject, own, textOf } from './value.ts';

/**
 * One line of text for each container and each mount, so that a rule can ask for several facts about the same element.
 * A fact is ` key=value`; white space inside a value becomes `%20`, so that no name can forge a fact. Commands come last
 * and are free text with single spaces.
 */

const word = (value: string) => value.replace(/\s/gu, '%20');
const line = (value: string) => value.replace(/\s+/gu, ' ');

type Fact = readonly [string, string | undefined];

const joined = (facts: readonly Fact[]) =>
  facts.flatMap(([key, value]) => (value === undefined || value === '' ? [] : [`${key}=${value}`])).join(' ');

const words = (values: readonly string[]) => values.map(word).join(',');

/** `kind=container name=x image=y privileged=true runAsUser=0 caps=SYS_ADMIN command=sh -c id args=...` for each container. */
export function containerTexts(pod: PodView): readonly string[] {
  return pod.containers.map((view) => joined([...facts(view, pod), ...programs(view.container)]));
}

function facts({ kind, container }: ContainerView, pod: PodView): readonly Fact[] {
  const context = own(container, 'securityContext');
  const shared = own(pod.spec, 'securityContext');
  const either = (path: readonly string[]) => asText(at(context, path) ?? at(shared, path));
  return [
    ['kind', kind],
    ['name', word(textOf(container, 'name') ?? '')],
    ['image', word(textOf(container, 'image') ?? '')],
    ['privileged', asText(own(context, 'privileged'))],
    ['runAsUser', either(['runAsUser'])],
    ['runAsNonRoot', either(['runAsNonRoot'])],
    ['caps', words(addedCapabilities(container))],
    ['allowPrivilegeEscalation', asText(own(context, 'allowPrivilegeEscalation'))],
    ['procMount', word(textOf(context, 'procMount') ?? '')],
    ['seccomp', word(either(['seccompProfile', 'type']) ?? '')],
    ['appArmor', word(either(['appArmorProfile', 'type']) ?? '')],
    ['hostProcess', either(['windowsOptions', 'hostProcess'])],
    ['hostPorts', words(hostPortsOf(container))],
    ['target', word(textOf(container, 'targetContainerName') ?? '')],
    ['tty', asText(own(container, 'tty'))],
  ];
}

function programs(container: JsonObject): readonly Fact[] {
  return [
    ['command', programText(own(container, 'command'))],
    ['args', programText(own(container, 'args'))],
    [
      'hooks',
      hookPlaces
        .map((path) => programText(at(container, path)))
        .filter((text) => text !== '')
        .join(' ; '),
    ],
  ];
}

const programText = (value: unknown) => line(asTexts(value).join(' ')).trim();

const hookPlaces: readonly (readonly string[])[] = [
  ['lifecycle', 'postStart', 'exec', 'command'],
  ['lifecycle', 'preStop', 'exec', 'command'],
  ['livenessProbe', 'exec', 'command'],
  ['readinessProbe', 'exec', 'command'],
  ['startupProbe', 'exec', 'command'],
];

/** Everything that a pod's containers run: command, arguments, hooks and probes, one text for each container. */
export function commandTexts(pod: PodView): readonly string[] {
  return pod.containers.flatMap(({ container }) => {
    const text = programs(container)
      .flatMap(([, value]) => value || [])
      .join(' ');
    return text === '' ? [] : [text];
  });
}

/** Capabilities that a container adds, in capitals and without the CAP_ that some write. */
export function addedCapabilities(container: JsonObject): readonly string[] {
  const added = asTexts(at(container, ['securityContext', 'capabilities', 'add']));
  return added.map((name) => name.toUpperCase().replace(/^CAP_/, ''));
}

function hostPortsOf(container: JsonObject): readonly string[] {
  return asList(own(container, 'ports')).flatMap((port) => textOf(port, 'hostPort') ?? []);
}

/** `NAME=value` of each environment variable that states its value. */
export function environmentTexts(pod: PodView): readonly string[] {
  return pod.containers.flatMap(({ container }) =>
    asList(own(container, 'env')).flatMap((entry) => {
      const value = asText(own(entry, 'value'));
      return value === undefined ? [] : [`${textOf(entry, 'name') ?? ''}=${line(value)}`];
    }),
  );
}

/** The node's directories that a pod asks for, by volume name. */
export function hostVolumes(pod: PodView): ReadonlyMap<string, string> {
  const volumes = asList(own(pod.spec, 'volumes')).flatMap((volume) => {
    const path = asText(at(volume, ['hostPath', 'path']));
    return path === undefined ? [] : [[textOf(volume, 'name') ?? '', cleanPath(path)] as const];
  });
  return new Map(volumes);
}

/** `path=/etc readOnly=false container=x kind=container mountPath=/host/etc volume=etc` for each mount of a hostPath. */
export function mountTexts(pod: PodView): readonly string[] {
  const volumes = hostVolumes(pod);
  const used = new Set<string>();
  const mounts = pod.containers.flatMap((view) =>
    asList(own(view.container, 'volumeMounts')).flatMap((mount) => {
      const volume = textOf(mount, 'name') ?? '';
      const path = volumes.get(volume);
      if (path === undefined) return [];
      used.add(volume);
      return [mountText(view, mount, volume, path)];
    }),
  );
  const idle = [...volumes].filter(([volume]) => !used.has(volume));
  return [
    ...mounts,
    ...idle.map(([volume, path]) =>
      joined([
        ['path', word(path)],
        ['volume', word(volume)],
      ]),
    ),
  ];
}

function mountText({ kind, container }: ContainerView, mount: unknown, volume: string, path: string): string {
  const below = textOf(mount, 'subPath');
  return joined([
    ['path', word(below === undefined ? path : cleanPath(`${path}/${below}`))],
    ['readOnly', String(own(mount, 'readOnly') === true)],
    ['container', word(textOf(container, 'name') ?? '')],
    ['kind', kind],
    ['mountPath', word(textOf(mount, 'mountPath') ?? '')],
    ['volume', word(volume)],
  ]);
}

/** `/etc/`, `//etc` and `/./etc` are one directory. */
export function cleanPath(path: string): string {
  const steps: string[] = [];
  for (const step of path.split('/')) {
    if (step === '..') steps.pop();
    else if (step !== '' && step !== '.') steps.push(step);
  }
  return `/${steps.join('/')}`;
}

/** Labels of a pod or template as `key=value`. */
export function labelTexts(metadata: unknown): readonly string[] {
  return entriesOf(asObject(own(metadata, 'labels'))).map(([key, value]) => `${key}=${asText(value) ?? ''}`);
}

/** Images as written, one for each container. */
export function imagesOf(pod: PodView): readonly string[] {
  return pod.containers.flatMap(({ container }) => textOf(container, 'image') ?? []);
}

/** The image without tag and digest: `registry.example:5000/team/app:1.2@sha256:...` is `registry.example:5000/team/app`. */
export function repositoryOf(image: string): string {
  const named = image.split('@', 1)[0] ?? '';
  const slash = named.lastIndexOf('/');
  const colon = named.indexOf(':', slash + 1);
  return colon < 0 ? named : named.slice(0, colon);
}

/** The host that an image comes from, as the container runtimes read its name: Docker Hub where it names none. */
export function registryOf(image: string): string {
  const [first = '', ...rest] = image.split('/');
  const isHost = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  return isHost ? first.toLowerCase() : 'docker.io';
}
