/** API groups of the resources that come with Kubernetes, and of those that rules know besides: a log that never held one cannot tell. */
const GROUPS: Readonly<Record<string, string>> = {
  '': 'bindings configmaps endpoints events limitranges namespaces nodes persistentvolumeclaims persistentvolumes pods podtemplates replicationcontrollers resourcequotas secrets serviceaccounts services componentstatuses',
  apps: 'controllerrevisions daemonsets deployments replicasets statefulsets',
  batch: 'cronjobs jobs',
  autoscaling: 'horizontalpodautoscalers',
  policy: 'poddisruptionbudgets podsecuritypolicies',
  'networking.k8s.io': 'ingresses ingressclasses networkpolicies',
  'rbac.authorization.k8s.io': 'clusterrolebindings clusterroles rolebindings roles',
  'admissionregistration.k8s.io':
    'mutatingwebhookconfigurations validatingwebhookconfigurations validatingadmissionpolicies validatingadmissionpolicybindings mutatingadmissionpolicies mutatingadmissionpolicybindings',
  'apiextensions.k8s.io': 'customresourcedefinitions',
  'apiregistration.k8s.io': 'apiservices',
  'authentication.k8s.io': 'tokenreviews selfsubjectreviews',
  'authorization.k8s.io':
    'localsubjectaccessreviews selfsubjectaccessreviews selfsubjectrulesreviews subjectaccessreviews',
  'certificates.k8s.io': 'certificatesigningrequests clustertrustbundles',
  'coordination.k8s.io': 'leases',
  'discovery.k8s.io': 'endpointslices',
  'storage.k8s.io': 'csidrivers csinodes storageclasses volumeattachments',
  'snapshot.storage.k8s.io': 'volumesnapshots volumesnapshotcontents',
  'scheduling.k8s.io': 'priorityclasses',
  'route.openshift.io': 'routes',
  'user.openshift.io': 'groups identities useridentitymappings users',
  'security.openshift.io': 'securitycontextconstraints',
  'cilium.io': 'ciliumnetworkpolicies ciliumclusterwidenetworkpolicies',
  'crd.projectcalico.org': 'globalnetworkpolicies',
  'policy.networking.k8s.io': 'adminnetworkpolicies baselineadminnetworkpolicies',
};

const groupOf = new Map(
  Object.entries(GROUPS).flatMap(([group, names]) => names.split(' ').map((name) => [name, group])),
);

/** The group of a resource, or null for one that is not known. */
export function apiGroupOf(resource: string): string | null {
  return groupOf.get(resource.split('/')[0] as string) ?? null;
}
