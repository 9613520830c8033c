/** Words of Kubernetes that tell nothing of a cluster, even where somebody gave one of them as a name. */
const WORDS = new Set(
  `Event EventList Metadata Request RequestResponse None RequestReceived ResponseStarted ResponseComplete Panic allow forbid
  get list watch create update patch delete deletecollection proxy connect head post put options approve sign bind escalate impersonate use
  pods nodes services endpoints namespaces secrets configmaps events serviceaccounts persistentvolumes persistentvolumeclaims
  replicationcontrollers podtemplates limitranges resourcequotas bindings componentstatuses deployments replicasets daemonsets statefulsets
  controllerrevisions jobs cronjobs horizontalpodautoscalers ingresses ingressclasses networkpolicies endpointslices roles rolebindings clusterroles
  clusterrolebindings poddisruptionbudgets podsecuritypolicies priorityclasses storageclasses volumeattachments csidrivers csinodes
  csistoragecapacities leases certificatesigningrequests mutatingwebhookconfigurations validatingwebhookconfigurations
  validatingadmissionpolicies validatingadmissionpolicybindings customresourcedefinitions apiservices runtimeclasses flowschemas
  prioritylevelconfigurations tokenreviews subjectaccessreviews selfsubjectaccessreviews selfsubjectrulesreviews localsubjectaccessreviews
  selfsubjectreviews users groups userextras uids signers
  exec attach portforward log logs status scale eviction binding ephemeralcontainers token finalize approval resize
  v1 v1beta1 v1alpha1 v2 apps batch autoscaling policy extensions
  Pod Node Service Endpoints Namespace Secret ConfigMap ServiceAccount PersistentVolume PersistentVolumeClaim ReplicationController
  Deployment ReplicaSet DaemonSet StatefulSet Job CronJob Ingress NetworkPolicy EndpointSlice Role RoleBinding ClusterRole ClusterRoleBinding
  Lease CertificateSigningRequest MutatingWebhookConfiguration ValidatingWebhookConfiguration CustomResourceDefinition APIService
  TokenReview TokenRequest SubjectAccessReview SelfSubjectAccessReview SelfSubjectRulesReview Status User Group Eviction Scale Binding
  PodExecOptions PodAttachOptions PodPortForwardOptions DeleteOptions CreateOptions UpdateOptions PatchOptions Table List Apply Update`.split(
    /\s+/,
  ),
);
/** Groups of the API that Kubernetes keeps for itself, with or without a version behind. */
const OWN_GROUP = /^(?:(?:[a-z]+\.)*k8s\.io|apps|batch|autoscaling|policy|extensions)(?:\/v\d\w*)?$/;
/** Ids and times as servers write them. */
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const TIME = /^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)$/;

export const isPublicWord = (text: string): boolean =>
  WORDS.has(text) || OWN_GROUP.test(text) || UUID.test(text) || TIME.test(text);
