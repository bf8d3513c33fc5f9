// Made by web/generate.mjs from the server's OpenAPI text. Do not edit.

export type Error = { error: { code: string; message: string; message_zh: string; values?: Record<string, string>; where?: string; line?: number; column?: number; request_id: string } };
export type Event = { type?: string; event?: string; distinct_id?: string; identities?: Record<string, string>; time?: number; properties?: Record<string, unknown> };
export type Events = Event[];
export type Receipt = { success: true; code: 'ok' | 'quarantined' | 'id_quarantined'; accepted: number; quarantined: number; issues?: ({ index?: number; reason?: string })[] };
export type Answer = { ask: string; snapshot: string; zone: string; incomplete: boolean; customers?: AnsweredCustomers } & Record<string, unknown>;
export type AnsweredCustomers = { count: number; ordinals: number[]; names: string[] };
export type Plan = { plan: string; parts: number; rows: number; bytes: number } & Record<string, unknown>;
export type TrackingPlan = { mode?: 'open' | 'strict'; events?: PlanEvent[]; properties?: PlanProperty[] };
export type PlanEvent = { name: string; zh?: string; en?: string; declared?: boolean; required?: string[]; count?: number; first_ms?: number; last_ms?: number };
export type PlanProperty = { name: string; type?: 'bool' | 'int' | 'double' | 'decimal' | 'string' | 'datetime' | 'date' | 'list'; class?: 'C1' | 'C2' | 'C3'; zh?: string; en?: string; declared?: boolean; count?: number };
export type PlanReport = { events: ({ event: string; count: number; incomplete: number })[]; properties: ({ property: string; type: string; count: number; mismatches: number })[]; undeclared: { events: string[]; properties: string[] } };
export type Trace = { trace: TraceLine[] };
export type TraceLine = { time: string; journey: string; journey_name?: string; journey_name_en?: string; node?: string; entry?: number; what: 'refused' | 'entered' | 'passed' | 'planned' | 'message' | 'denied' | 'left' | 'converted' | 'migrated' | 'late_event'; reason?: string; reason_en?: string; reason_zh?: string; detail?: string };
export type Rule = { eql?: string; rule?: Record<string, unknown>; explain?: boolean };
export type CheckedRule = { eql: string; rule: Record<string, unknown>; uses: Reference[] };
export type Reference = { kind: string; id: string };
export type Estimate = { count: number; everyone: number; share: number; leaves?: ({ eql: string; estimated?: number; count: number })[]; after?: ({ eql: string; left: number })[]; snapshot?: string; base_time?: string; incomplete?: boolean };
export type SegmentChange = { id?: string; version?: number; name_zh?: string; name_en?: string; owner?: string; eql?: string; rule?: Record<string, unknown>; refresh?: 'live'; schedule?: Schedule };
export type Segment = { id: string; version: number; name_zh?: string; name_en?: string; owner?: string; created?: string; changed?: string; eql?: string; rule?: Record<string, unknown>; uses?: Reference[]; used_by?: Reference[]; refresh?: 'live'; schedule?: Schedule; key?: string; last_run?: SegmentRun; versions?: Segment[]; runs?: SegmentRun[]; failures?: ({ run?: number; at?: string; error?: string })[] };
export type SegmentRun = { run: number; at: string; version?: number; count: number; came?: number; left?: number; by?: 'schedule' | 'journey'; journey?: string; incremental?: boolean; everyone?: number; base_time?: string; snapshot?: string; incomplete?: boolean; given?: number; matched?: number; unmatched?: number; match_rate?: number; leaves?: (Record<string, unknown>)[]; after?: (Record<string, unknown>)[] };
export type Members = { count: number; members: ({ ordinal: number; name: string })[] };
export type OverlapRequest = { segments: string[] };
export type Overlap = { segments: ({ id: string; count: number })[]; shared: number[][] };
export type SegmentExport = { path: string; format: 'csv' | 'jsonl' | 'parquet'; attributes?: string[] };
export type SegmentDownload = { format: 'csv' | 'jsonl' | 'parquet'; attributes?: string[] };
export type Exported = { rows?: number; bytes?: number };
export type List = { id: string; name_zh?: string; name_en?: string; owner?: string; key?: string; values?: string[]; ordinals?: number[]; unmatched?: 'all' };
export type ListRun = { run: number; at?: string; version?: number; count: number; base_time?: string; snapshot?: string; incomplete?: boolean; given: number; matched: number; unmatched: number; match_rate?: number; unmatched_examples?: string[]; unmatched_values?: string[] };
export type Segments = { items: Segment[] };
export type TagMaking = { make: Making };
export type Making = { kind: 'layers' | 'value' | 'preference' | 'rfm' | 'rule' | 'score' | 'uploaded' | 'model' } & Record<string, unknown>;
export type CheckedTag = { make: Making; type: TagType; uses: Reference[] };
export type DecisionKind = 'refused' | 'entered' | 'passed' | 'planned' | 'message' | 'denied' | 'left' | 'converted' | 'migrated' | 'late_event';
export type DeliveryChange = { name: string; tags?: string[]; decisions?: DecisionKind[]; journeys?: string[]; form?: 'sensors'; channel?: string; key?: string; format?: 'csv' | 'jsonl' | 'parquet'; schedule?: Schedule; version?: number };
export type DeliveryPushes = { waiting: number; sent: number; missed?: number; dead_count: number; last_problem?: string; dead: ({ number: number; tag?: string; what?: DecisionKind; why: string; at: string; customer?: { key?: string; value?: string } })[] };
export type DeliveredFile = { at?: string; path?: string; rows?: number; bytes?: number; by?: string; error?: string; error_zh?: string };
export type Delivery = { id: string; name: string; owner?: string; version: number; tags: string[]; decisions?: DecisionKind[]; journeys?: string[]; form?: 'sensors'; channel?: string; key?: string; format?: 'csv' | 'jsonl' | 'parquet'; schedule?: Schedule; pushes?: DeliveryPushes; files?: DeliveredFile[] };
export type Deliveries = { items: Delivery[] };
export type Schedule = { cron?: string; zone?: string; since?: string };
export type Items = { items: Item[] };
export type Item = { kind?: string; project?: string; event?: string; what?: string; reason?: string; detail?: string; property?: string; time_ms: number; ingest_ms?: number; source?: string; message_id?: string; library?: string; identities?: Record<string, string>; properties?: Record<string, unknown> };
export type Identity = { key: string; value: string };
export type Attributes = ({ name: string; zh?: string; en?: string; type?: string; value: unknown; masked?: boolean; time: string; source?: string })[];
export type Customer = { known_by: Identity; identities: Identity[]; attributes: Attributes; events: ({ event: string; zh?: string; en?: string; count: number; first: string; last: string })[]; tables?: ({ table: string; zh?: string; en?: string; rows: number })[]; snapshot?: string };
export type FoundCustomers = { items: ({ known_by: Identity; matched: Identity; name?: string; attributes?: Attributes })[] };
export type TimelineEvents = ({ time: string; event: string; zh?: string; en?: string; identity?: Identity; properties?: Record<string, unknown> })[];
export type Timeline = { known_by: Identity; events: TimelineEvents; next?: string };
export type Erasure = { erased: number };
export type Projects = { projects: ({ name: string; time_zone: string; sources: string[] })[] };
export type Sources = { sources: ({ name: string; write_key: string })[] };
export type Credentials = { name: string; password: string; code?: string };
export type SignedOut = { status: string; url?: string };
export type ProviderAddress = { url: string };
export type ProviderAnswer = { code?: string; state: string; iss?: string; error?: string };
export type NewSecondFactor = { secret: string; uri: string };
export type FactorCode = { code: string };
export type RecoveryCodes = { recovery: string[] };
export type FactorRemoval = { password: string; code: string };
export type Keys = { items: Key[] };
export type Key = { id: string; title: string; rights: string[]; organisation: string; created: string; expires: string };
export type NewKey = { id: string; title?: string; rights: string[]; organisation?: string; days: number };
export type KeySecret = { id: string; key: string };
export type PasswordChange = { before: string; password: string };
export type Session = { signed_in: boolean; provider: boolean; environment: string; person?: string; title?: string; second_factor?: boolean; bounded?: string[]; rights?: string[]; must_change?: boolean; idle_ms?: number; ends_ms?: number; clear_ms?: number };
export type ClearAsk = { reason: string; code?: string };
export type Cleared = { clear_until_ms: number };
export type User = { name: string; title: string; roles: string[]; organisation: string; rows: string; disabled: boolean; must_change: boolean; second_factor: boolean; locked: boolean; created: string; password_set?: string };
export type Users = { items: User[] };
export type NewUser = { name: string; title?: string; roles?: string[]; organisation?: string; rows?: string };
export type NewPassword = { name: string; password: string };
export type UserChange = { title?: string; disabled?: boolean };
export type UserRoles = { roles: string[]; organisation?: string; rows?: string };
export type RoleChange = { name_zh?: string; name_en?: string; rights: string[]; rows?: string };
export type Organisations = { items: Organisation[] };
export type Organisation = { id: string; name_zh: string; name_en: string; parent: string; rows: string };
export type OrganisationChange = { name_zh?: string; name_en?: string; parent?: string; rows?: string };
export type Roles = { items: Role[] };
export type Role = { id: string; name_zh: string; name_en: string; rights: string[]; rows: string; built_in: boolean };
export type AuditRecords = { head: { seq?: number; hash?: string }; public_key: string; records: ({ seq: number; previous: string; time: string; what: string; who?: string; peer?: string; project?: string; target?: string; detail?: string; request_id?: string; status?: number; hash: string })[] };
export type AuditCheck = { state: 'none' | 'running' | 'holds' | 'broken' | 'failed'; checked?: number; of?: number; witnessed?: number; started_ms?: number; ended_ms?: number; record?: number; fault?: string };
export type Moved = { moved_ms: number };
export type Status = { status: string; reasons?: ('storage_full' | 'replaying' | 'draining' | 'log_failed' | 'audit_failed' | 'clock_insane')[] };
export type Saved = { id: string; name: string; name_en?: string; owner: string; shared: boolean; version: number; changed?: string; body: Record<string, unknown> };
export type AllSaved = { items: Saved[] };
export type SavedChange = { name: string; name_en?: string; shared: boolean; body: Record<string, unknown>; version?: number };
export type TagPlaces = { categories: TagPlace[]; albums: TagPlace[] };
export type TagPlaceName = { name: string; name_en: string };
export type TagPlaceNames = { categories?: TagPlaceName[]; albums?: TagPlaceName[] };
export type ApprovalFlow = { levels: ({ name: string; external?: string; within_hours?: number; rule?: string | number; people?: string[] })[]; open_for_days?: number };
export type Approval = { subject: string; hash: string; asker: string; asked_ms: number; flow: ApprovalFlow; ballots: ({ person: string; yes: boolean; comment: string; level: number; at_ms: number })[]; delegations?: ({ from: string; to: string; level: number; at_ms: number })[]; level: number; state: 'open' | 'approved' | 'rejected' | 'withdrawn' | 'expired'; content?: Record<string, unknown>; uses?: ({ kind: 'segment' | 'list' | 'tag'; id: string; hash: string; changed: boolean })[] };
export type Approvals = { flows: Record<string, ApprovalFlow>; requests: Approval[] };
export type ApprovalFlows = { flows: Record<string, ApprovalFlow> };
export type ApprovalDelegation = { to: string };
export type ApprovalVote = { hash: string; yes: boolean; comment?: string };
export type Channels = { channels: ({ name: string; version: number; kind: string; title_zh?: string; title_en?: string; secrets_missing: string[]; waiting: number; claimed: number; unknown: number })[] };
export type ChannelState = { name: string; version: number; description: Record<string, unknown>; secrets_set: string[]; receipts_path: string };
export type ChannelTry = { outcome: 'accepted' | 'rejected' | 'busy' | 'unknown'; why: string };
export type TextCheck = { valid: boolean; html?: boolean; names: string[] };
export type TextPreview = { text: string; bytes: number };
export type Journey = { id: string; entry: Record<string, unknown>; nodes: (Record<string, unknown>)[]; edges: ({ from: string; when?: string; to: string })[] } & Record<string, unknown>;
export type JourneyCall = Record<string, unknown>;
export type MessagePolicy = { held: boolean; policy: Record<string, unknown> };
export type Task = { key: string; state: 'waiting' | 'accepted' | 'done' | 'refused' | 'withdrawn'; customer: string; to: string; text: string; journey: string; journey_name?: string; journey_name_en?: string; node?: string; given: string; changed: string; due?: string; by?: string; note?: string };
export type TaskStep = { step: 'accept' | 'done' | 'refuse'; note?: string };
export type Tasks = { items: Task[]; counts: Record<string, number>; to: ({ to: string; open: number })[] };
export type Consent = { channel: string; purpose: string; allowed?: boolean; refused_by?: number; allowed_by?: number };
export type Consents = { customers: number; consents: Consent[] };
export type ConsentsOf = { consents: Consent[]; ledger: Timeline };
export type JourneyAnswer = Record<string, unknown>;
export type JourneyCheck = { valid: boolean; faults: ({ node: string; field: string; code: string; message: string; message_zh?: string; warning: boolean; values: Record<string, string> })[]; inside?: Record<string, number>; changes?: JourneyChange[] };
export type JourneyChange = { node: string; field: string; before?: unknown; after?: unknown };
export type JourneyVersion = { version: number; published?: string; in_flight: 'pin' | 'migrate' | 'exit'; entered: number; moved_in: number; active: number; moved_out: number; exits: Record<string, number>; messages: number; spend: number; conversions: number; reversals: number; revenue: number; nodes?: ({ id: string; type: string; in?: number; here?: number; out?: Record<string, number>; left?: Record<string, number>; stay?: { count: number; p50_ms: number; p95_ms: number }; messages?: Record<string, number>; conversions?: number; revenue?: number })[]; definition?: Record<string, unknown>; since?: number; changes?: JourneyChange[] };
export type JourneyVersions = { versions: JourneyVersion[] };
export type JourneyTest = { journey: string | Journey; customer: { key: string; value: string }; context?: Record<string, unknown>; becomes?: 'sent' | 'accepted' | 'delivered' | 'opened' | 'clicked' | 'replied' | 'rejected' | 'bounced'; send?: boolean };
export type JourneyTested = { refused?: { reason: string; reason_en?: string; reason_zh?: string }; trace: TraceLine[]; inside: boolean; messages: ({ node: string; channel: string; at: string; address: string; text: string; sent?: { outcome: 'accepted' | 'rejected' | 'busy' | 'unknown'; why: string } })[] };
export type NodeStanding = { as_of: string; here: number; each: 'hour' | 'day'; due: ({ from: string; count: number })[]; whenever: number; held: CountBy[]; messages: CountBy[] };
export type CountBy = { by: string; count: number };
export type AtNode = { as_of: string; count: number; customers: ({ name: string; time: string })[] };
export type Outbox = { items: ({ key: string; channel: string; address: string; text: string; journey: string; node: string; time_ms: number })[] };
export type JourneyForecast = { from: string; until: string; events: number; entered: number; inside: number; rejects: Record<string, number>; exits: Record<string, number>; messages: Record<string, Record<string, number>>; by_hour?: Record<string, Record<string, number>>; longest_wait_ms: Record<string, number>; denied: Record<string, number>; kept_back: Record<string, number>; spend: number; revenue: number; conversions: number };
export type JourneyTemplate = { id: string; name: string; name_en?: string; owner: string; version: number; changed: string; journey?: Record<string, unknown>; open?: ({ path: string; name?: string; least?: unknown; most?: unknown; one_of?: unknown[]; max_length?: number })[]; journeys: ({ id: string; name: string; branch: string; scope: string; set: Record<string, unknown>; version: number; phase: string; entered: number; active: number; conversions: number; messages: number; spend: number; revenue: number; offered?: number; conflicts?: ({ path: string; code: string; message: string })[] })[]; total?: { entered: number; active: number; conversions: number; messages: number; spend: number; revenue: number } };
export type JourneyTemplates = { templates: JourneyTemplate[] };
export type JourneyState = { id: string; name?: string; name_en?: string; version?: number; phase: 'running' | 'paused' | 'stopped' | 'archived'; phase_reason?: string; forecast?: JourneyForecast; actual?: Record<string, unknown>; as_of?: string; held_out?: { customers?: number; conversions?: number }; entered?: number; active?: number; to_come?: number; waves?: ({ listed: string; wave: number; begins: string; customers: number; to_come: number })[]; open_runs?: ({ day: string; due: string; taken: string; until: string; error?: string; tries?: number; again?: string })[]; failed_runs?: ({ day: string; due: string; given_up: string; error: string })[]; last_run?: { day: string; due?: string; at: string; segment_run: number; customers: number }; alarms?: ({ what: 'choose_way' | 'condition_failed' | 'guardrail' | 'run_given_up' | 'tz_invalid' | 'unknown_year'; node?: string; detail?: string; count: number; first: string; last: string })[]; exits?: Record<string, number>; rejects?: Record<string, number>; conversions?: number; definition?: Record<string, unknown>; watched?: { messages: number; failed: number; opted_out: number; spend: number }; nodes?: ({ id: string; type: string; in?: number; removed?: boolean; here?: number; out?: Record<string, number>; left?: Record<string, number>; stay?: { count: number; p50_ms: number; p95_ms: number }; messages?: Record<string, number>; conversions?: number; revenue?: number; experiment?: { begun: string; ends: string; arms: ({ outcome: string; entered: number; converted: number })[]; result?: 'winner' | 'too_few' | 'sample_ratio' | 'no_significance' | 'chosen'; proposes?: string; goes_on_with?: string } })[] };
export type Journeys = { held: boolean; unknown: string[]; journeys: JourneyState[] };
export type IdentityRules = { keys: ({ key: string; strength?: 'weak' | 'strong'; priority?: number; normaliser?: 'plain' | 'phone' | 'lower'; values?: number; window_days?: number; look_back_days?: number; parent?: string; blocked?: string[]; blocked_patterns?: string[]; hashed?: boolean })[]; largest_cluster?: number; most_customers_a_day?: number; attributes?: ({ attribute?: string; keep?: 'last' | 'first' | 'source' | 'min' | 'max' | 'union'; sources?: string[] })[] };
export type IdentityTrial = { would_merge?: number; would_split?: number; examples?: ({ effect?: 'merge' | 'split'; identities?: Identity[] })[] };
export type Link = { number: number; time: string; source: string; rule: string; a: Identity; b: Identity; outcome?: string; in_force?: boolean };
export type IdentityCut = { known_by: Identity };
export type IdentityConflicts = { count?: number; refused?: Link[]; set_apart?: Identity[] };
export type IdentityReason = { same: boolean; a?: Identity; b?: Identity; known_by?: Identity; chain?: Link[]; reason?: string; refused?: Link[]; if_linked_now?: string };
export type TagType = 'string' | 'number' | 'bool' | 'datetime' | 'list';
export type TagChange = { id?: string; version?: number; name_zh?: string; name_en?: string; owner?: string; meaning_zh?: string; meaning_en?: string; categories?: string[]; albums?: string[]; make?: Making; keep_days?: number; refresh?: 'live' | 'runs'; schedule?: Schedule };
export type Tag = { id: string; version: number; meaning_zh?: string; meaning_en?: string; categories?: string[]; albums?: string[]; created?: string; changed?: string; keep_days?: number; refresh?: 'live' | 'runs'; schedule?: Schedule; last_day?: string; state: 'draft' | 'submitted' | 'certified' | 'live' | 'frozen' | 'retired'; type?: TagType; name_zh?: string; name_en?: string; owner?: string; make?: Making; uses?: Reference[]; used_by?: Reference[]; entries?: TagEntry[] };
export type TagEntry = { number: number; at: string; what?: 'run' | 'life' | 'usage' | 'idle'; by?: string; version?: number; step?: string; from?: string; to?: 'draft' | 'submitted' | 'certified' | 'live' | 'frozen' | 'retired'; note?: string; count?: number; status?: 'ok' | 'failed'; error?: string; error_zh?: string; day?: string; type?: TagType; customers?: number; with_value?: number; coverage?: number; distinct?: number; values?: TagShare[]; mean?: number; deciles?: number[]; given?: number; matched?: number; unmatched?: number; unmatched_examples?: string[]; model_version?: string; base_time?: string; snapshot?: string; incomplete?: boolean };
export type Tags = { items: Tag[]; categories?: TagPlace[]; albums?: TagPlace[] };
export type TagPlace = { name: string; count: number; name_en?: string };
export type TagHealth = { id: string; name_zh?: string; name_en?: string; owner?: string; state?: string; with_value?: number; distinct?: number; psi_against?: string; last_used?: string; level: 'good' | 'warning' | 'alarm'; coverage?: number; last_day?: string; age_days?: number; psi?: number; used_by?: Reference[]; findings: ({ level?: string; what?: string; zh?: string; en?: string })[] };
export type TagReport = { at: string; counts: Record<string, unknown>; tags: TagHealth[] };
export type TagNote = { note?: string };
export type TagDay = { day?: string };
export type TagDays = { from: string; to: string };
export type TagShare = { value?: string; count?: number; share?: number };
export type TagDistribution = { day: string; customers: number; with_value: number; type?: TagType; distinct?: number; coverage?: number; mean?: number; deciles?: number[]; values?: TagShare[] };
export type TagTransitions = { from?: string; to?: string; changed: number; stayed: number; truncated?: boolean; transitions: ({ from?: unknown; to?: unknown; count?: number })[] };
export type TagLookUp = { key: string; values: string[]; tags: string[]; day?: string };
export type TagValues = { items: ({ value: string; known: boolean; tags?: Record<string, unknown> })[]; days: Record<string, unknown> };
export type Question = { ask: 'trends' | 'funnel' | 'retention' | 'sequence' | 'lifecycle' | 'stickiness' | 'portrait'; range?: Record<string, unknown>; zone?: string } & Record<string, unknown>;
export type Table = { id?: string; zh?: string; en?: string; rows?: number; key?: string[]; belongs_to?: 'customer' | { table: string; by: string; cardinality?: 'many_to_many' }; valid?: { from?: string; to?: string }; history?: boolean; columns: ({ name: string; type: 'bool' | 'int' | 'double' | 'decimal' | 'string' | 'datetime' | 'date' | 'list'; zh?: string; en?: string; class?: 'C1' | 'C2'; refers?: string; cardinality?: 'many_to_one' })[] };
export type Tables = { items: Table[] };
export type Rows = { table: string; zh?: string; en?: string; total: number; next?: string; rows: (Record<string, unknown>)[] };
export type RowUpload = { delete?: boolean; rows: ({ identities?: Record<string, string>; name?: string; values?: Record<string, unknown> })[] };
export type RowsTaken = { rows: number };

export interface Operations {
  importEvents: { request: Events; response: Receipt };
  ask: { request: Question; response: Answer };
  explain: { request: Question; response: Plan };
  showProjects: { request: undefined; response: Projects };
  showPlan: { request: undefined; response: TrackingPlan };
  patchPlan: { request: TrackingPlan; response: TrackingPlan };
  showPlanReport: { request: undefined; response: PlanReport };
  showRecentEvents: { request: undefined; response: Items };
  showQuarantine: { request: undefined; response: Items };
  showSources: { request: undefined; response: Sources };
  searchCustomers: { request: undefined; response: FoundCustomers };
  showCustomer: { request: undefined; response: Customer };
  showTimeline: { request: undefined; response: Timeline };
  showCustomerRows: { request: undefined; response: Rows };
  eraseCustomer: { request: Identity; response: Erasure };
  cutIdentity: { request: Identity; response: IdentityCut };
  checkRule: { request: Rule; response: CheckedRule };
  estimateRule: { request: Rule; response: Estimate };
  listSegments: { request: undefined; response: Segments };
  createSegment: { request: SegmentChange; response: Segment };
  overlapSegments: { request: OverlapRequest; response: Overlap };
  showSegment: { request: undefined; response: Segment };
  changeSegment: { request: SegmentChange; response: Segment };
  removeSegment: { request: undefined; response: Status };
  runSegment: { request: undefined; response: SegmentRun };
  showMembers: { request: undefined; response: Members };
  exportSegment: { request: SegmentExport; response: Exported };
  downloadSegment: { request: SegmentDownload; response: unknown };
  segmentsOfCustomer: { request: undefined; response: Segments };
  listLists: { request: undefined; response: Segments };
  uploadList: { request: List; response: ListRun };
  showIdentityRules: { request: undefined; response: IdentityRules };
  putIdentityRules: { request: IdentityRules; response: IdentityRules };
  tryIdentityRules: { request: IdentityRules; response: IdentityTrial };
  showIdentityConflicts: { request: undefined; response: IdentityConflicts };
  explainIdentity: { request: undefined; response: IdentityReason };
  checkTag: { request: TagMaking; response: CheckedTag };
  lookUpTags: { request: TagLookUp; response: TagValues };
  listTags: { request: undefined; response: Tags };
  createTag: { request: TagChange; response: Tag };
  reportTags: { request: undefined; response: TagReport };
  nameTagPlaces: { request: TagPlaceNames; response: TagPlaces };
  showTagHealth: { request: undefined; response: TagHealth };
  showTag: { request: undefined; response: Tag };
  changeTag: { request: TagChange; response: Tag };
  runTag: { request: TagDay; response: TagEntry };
  distributeTag: { request: TagDay; response: TagDistribution };
  compareTagDays: { request: TagDays; response: TagTransitions };
  certifyTag: { request: TagNote; response: Tag };
  rejectTag: { request: TagNote; response: Tag };
  stepTag: { request: TagNote; response: Tag };
  showReady: { request: undefined; response: Status };
  showMetrics: { request: undefined; response: unknown };
  confirmClock: { request: undefined; response: Moved };
  showAudit: { request: undefined; response: AuditRecords };
  showAuditCheck: { request: undefined; response: AuditCheck };
  checkAudit: { request: undefined; response: AuditCheck };
  showSession: { request: undefined; response: Session };
  openSession: { request: Credentials; response: Status };
  closeSession: { request: undefined; response: SignedOut };
  beginAtProvider: { request: undefined; response: ProviderAddress };
  openFromProvider: { request: ProviderAnswer; response: Status };
  changePassword: { request: PasswordChange; response: Status };
  beginSecondFactor: { request: undefined; response: NewSecondFactor };
  confirmSecondFactor: { request: FactorCode; response: RecoveryCodes };
  removeSecondFactor: { request: FactorRemoval; response: Status };
  showClear: { request: ClearAsk; response: Cleared };
  hideAgain: { request: undefined; response: Status };
  listJourneys: { request: undefined; response: Journeys };
  publishJourney: { request: Journey; response: JourneyAnswer };
  checkJourney: { request: Journey; response: JourneyCheck };
  rehearseJourney: { request: Journey; response: JourneyForecast };
  testJourney: { request: JourneyTest; response: JourneyTested };
  showJourney: { request: undefined; response: JourneyState };
  journeyVersions: { request: undefined; response: JourneyVersions };
  showJourneyVersion: { request: undefined; response: JourneyVersion };
  showNode: { request: undefined; response: NodeStanding };
  customersAtNode: { request: undefined; response: AtNode };
  setJourneyPhase: { request: JourneyCall; response: JourneyAnswer };
  chooseWay: { request: JourneyCall; response: JourneyAnswer };
  releaseJourney: { request: JourneyCall; response: JourneyAnswer };
  traceCustomer: { request: undefined; response: Trace };
  showSandbox: { request: undefined; response: Outbox };
  giveReceipt: { request: JourneyCall; response: JourneyAnswer };
  showMessagePolicy: { request: undefined; response: MessagePolicy };
  setMessagePolicy: { request: JourneyCall; response: JourneyAnswer };
  holdMessages: { request: JourneyCall; response: JourneyAnswer };
  setConsent: { request: JourneyCall; response: JourneyAnswer };
  showConsents: { request: undefined; response: Consents };
  listJourneyTemplates: { request: undefined; response: JourneyTemplates };
  showJourneyTemplate: { request: undefined; response: JourneyTemplate };
  putJourneyTemplate: { request: JourneyCall; response: JourneyAnswer };
  makeJourney: { request: JourneyCall; response: JourneyAnswer };
  setTemplatePhase: { request: JourneyCall; response: JourneyAnswer };
  listTasks: { request: undefined; response: Tasks };
  stepTask: { request: TaskStep; response: Task };
  showConsentsOf: { request: undefined; response: ConsentsOf };
  listChannels: { request: undefined; response: Channels };
  checkChannel: { request: JourneyCall; response: JourneyAnswer };
  showChannel: { request: undefined; response: ChannelState };
  putChannel: { request: JourneyCall; response: ChannelState };
  removeChannel: { request: undefined; response: JourneyAnswer };
  setChannelSecrets: { request: JourneyCall; response: JourneyAnswer };
  tryChannel: { request: JourneyCall; response: ChannelTry };
  checkTemplate: { request: JourneyCall; response: TextCheck };
  previewTemplate: { request: JourneyCall; response: TextPreview };
  listApprovals: { request: undefined; response: Approvals };
  listApprovalFlows: { request: undefined; response: ApprovalFlows };
  setApprovalFlow: { request: ApprovalFlow; response: JourneyAnswer };
  removeApprovalFlow: { request: undefined; response: JourneyAnswer };
  showApproval: { request: undefined; response: Approval };
  askApproval: { request: JourneyCall; response: Approval };
  voteApproval: { request: ApprovalVote; response: Approval };
  delegateApproval: { request: ApprovalDelegation; response: Approval };
  withdrawApproval: { request: undefined; response: Approval };
  listQuestions: { request: undefined; response: AllSaved };
  putQuestion: { request: SavedChange; response: Saved };
  removeQuestion: { request: undefined; response: Status };
  listDashboards: { request: undefined; response: AllSaved };
  showDashboard: { request: undefined; response: Saved };
  putDashboard: { request: SavedChange; response: Saved };
  removeDashboard: { request: undefined; response: Status };
  listTemplates: { request: undefined; response: AllSaved };
  showTemplate: { request: undefined; response: Saved };
  putTemplate: { request: SavedChange; response: Saved };
  removeTemplate: { request: undefined; response: Status };
  listUsers: { request: undefined; response: Users };
  createUser: { request: NewUser; response: NewPassword };
  changeUser: { request: UserChange; response: User };
  resetPassword: { request: undefined; response: NewPassword };
  unlockUser: { request: undefined; response: User };
  setRoles: { request: UserRoles; response: User };
  setRole: { request: RoleChange; response: Roles };
  removeRole: { request: undefined; response: Roles };
  removeFactor: { request: undefined; response: User };
  listKeys: { request: undefined; response: Keys };
  createKey: { request: NewKey; response: KeySecret };
  removeKey: { request: undefined; response: Keys };
  listOrganisations: { request: undefined; response: Organisations };
  setOrganisation: { request: OrganisationChange; response: Organisations };
  removeOrganisation: { request: undefined; response: Organisations };
  listRoles: { request: undefined; response: Roles };
  listTables: { request: undefined; response: Tables };
  declareTable: { request: Table; response: Table };
  removeTable: { request: undefined; response: Status };
  showRows: { request: undefined; response: Rows };
  uploadRows: { request: RowUpload; response: RowsTaken };
  listDeliveries: { request: undefined; response: Deliveries };
  putDelivery: { request: DeliveryChange; response: Delivery };
  removeDelivery: { request: undefined; response: Status };
  runDelivery: { request: undefined; response: DeliveredFile };
  retryDelivery: { request: undefined; response: DeliveryPushes };
}

export const routes = {
  importEvents: { method: 'POST', path: '/v1/events/import' },
  ask: { method: 'POST', path: '/v1/query' },
  explain: { method: 'POST', path: '/v1/query/explain' },
  showProjects: { method: 'GET', path: '/v1/projects' },
  showPlan: { method: 'GET', path: '/v1/plan' },
  patchPlan: { method: 'PATCH', path: '/v1/plan' },
  showPlanReport: { method: 'GET', path: '/v1/plan/report' },
  showRecentEvents: { method: 'GET', path: '/v1/events/recent' },
  showQuarantine: { method: 'GET', path: '/v1/quarantine' },
  showSources: { method: 'GET', path: '/v1/sources' },
  searchCustomers: { method: 'GET', path: '/v1/customers' },
  showCustomer: { method: 'GET', path: '/v1/customers/{key}/{value}' },
  showTimeline: { method: 'GET', path: '/v1/customers/{key}/{value}/timeline' },
  showCustomerRows: { method: 'GET', path: '/v1/customers/{key}/{value}/tables/{table}' },
  eraseCustomer: { method: 'POST', path: '/v1/erasures' },
  cutIdentity: { method: 'POST', path: '/v1/identity/cuts' },
  checkRule: { method: 'POST', path: '/v1/eql/check' },
  estimateRule: { method: 'POST', path: '/v1/eql/estimate' },
  listSegments: { method: 'GET', path: '/v1/segments' },
  createSegment: { method: 'POST', path: '/v1/segments' },
  overlapSegments: { method: 'POST', path: '/v1/segments/overlap' },
  showSegment: { method: 'GET', path: '/v1/segments/{id}' },
  changeSegment: { method: 'PUT', path: '/v1/segments/{id}' },
  removeSegment: { method: 'DELETE', path: '/v1/segments/{id}' },
  runSegment: { method: 'POST', path: '/v1/segments/{id}/run' },
  showMembers: { method: 'GET', path: '/v1/segments/{id}/members' },
  exportSegment: { method: 'POST', path: '/v1/segments/{id}/export' },
  downloadSegment: { method: 'POST', path: '/v1/segments/{id}/download' },
  segmentsOfCustomer: { method: 'GET', path: '/v1/customers/{key}/{value}/segments' },
  listLists: { method: 'GET', path: '/v1/lists' },
  uploadList: { method: 'POST', path: '/v1/lists' },
  showIdentityRules: { method: 'GET', path: '/v1/identity/keys' },
  putIdentityRules: { method: 'PUT', path: '/v1/identity/keys' },
  tryIdentityRules: { method: 'POST', path: '/v1/identity/keys/try' },
  showIdentityConflicts: { method: 'GET', path: '/v1/identity/conflicts' },
  explainIdentity: { method: 'GET', path: '/v1/identity/why/{key}/{value}/{other_key}/{other_value}' },
  checkTag: { method: 'POST', path: '/v1/tags/check' },
  lookUpTags: { method: 'POST', path: '/v1/tags/lookup' },
  listTags: { method: 'GET', path: '/v1/tags' },
  createTag: { method: 'POST', path: '/v1/tags' },
  reportTags: { method: 'GET', path: '/v1/tags/report' },
  nameTagPlaces: { method: 'PUT', path: '/v1/tags/places' },
  showTagHealth: { method: 'GET', path: '/v1/tags/{id}/health' },
  showTag: { method: 'GET', path: '/v1/tags/{id}' },
  changeTag: { method: 'PUT', path: '/v1/tags/{id}' },
  runTag: { method: 'POST', path: '/v1/tags/{id}/run' },
  distributeTag: { method: 'POST', path: '/v1/tags/{id}/distribution' },
  compareTagDays: { method: 'POST', path: '/v1/tags/{id}/transitions' },
  certifyTag: { method: 'POST', path: '/v1/tags/{id}/certify' },
  rejectTag: { method: 'POST', path: '/v1/tags/{id}/reject' },
  stepTag: { method: 'POST', path: '/v1/tags/{id}/steps/{step}' },
  showReady: { method: 'GET', path: '/readyz' },
  showMetrics: { method: 'GET', path: '/metrics' },
  confirmClock: { method: 'POST', path: '/v1/clock/confirm' },
  showAudit: { method: 'GET', path: '/v1/audit' },
  showAuditCheck: { method: 'GET', path: '/v1/audit/verify' },
  checkAudit: { method: 'POST', path: '/v1/audit/verify' },
  showSession: { method: 'GET', path: '/v1/session' },
  openSession: { method: 'POST', path: '/v1/session' },
  closeSession: { method: 'DELETE', path: '/v1/session' },
  beginAtProvider: { method: 'POST', path: '/v1/session/provider' },
  openFromProvider: { method: 'PUT', path: '/v1/session/provider' },
  changePassword: { method: 'POST', path: '/v1/session/password' },
  beginSecondFactor: { method: 'POST', path: '/v1/session/second-factor' },
  confirmSecondFactor: { method: 'PUT', path: '/v1/session/second-factor' },
  removeSecondFactor: { method: 'DELETE', path: '/v1/session/second-factor' },
  showClear: { method: 'POST', path: '/v1/session/clear' },
  hideAgain: { method: 'DELETE', path: '/v1/session/clear' },
  listJourneys: { method: 'GET', path: '/v1/journeys' },
  publishJourney: { method: 'POST', path: '/v1/journeys' },
  checkJourney: { method: 'POST', path: '/v1/journeys/check' },
  rehearseJourney: { method: 'POST', path: '/v1/journeys/rehearse' },
  testJourney: { method: 'POST', path: '/v1/journeys/test' },
  showJourney: { method: 'GET', path: '/v1/journeys/{journey}' },
  journeyVersions: { method: 'GET', path: '/v1/journeys/{journey}/versions' },
  showJourneyVersion: { method: 'GET', path: '/v1/journeys/{journey}/versions/{version}' },
  showNode: { method: 'GET', path: '/v1/journeys/{journey}/nodes/{node}' },
  customersAtNode: { method: 'GET', path: '/v1/journeys/{journey}/nodes/{node}/customers' },
  setJourneyPhase: { method: 'POST', path: '/v1/journeys/{journey}/phase' },
  chooseWay: { method: 'POST', path: '/v1/journeys/{journey}/experiments/{node}' },
  releaseJourney: { method: 'POST', path: '/v1/journeys/{journey}/release' },
  traceCustomer: { method: 'GET', path: '/v1/journeys/customers/{key}/{value}' },
  showSandbox: { method: 'GET', path: '/v1/journeys/messages/sandbox' },
  giveReceipt: { method: 'POST', path: '/v1/journeys/messages/receipts' },
  showMessagePolicy: { method: 'GET', path: '/v1/journeys/messages/policy' },
  setMessagePolicy: { method: 'PUT', path: '/v1/journeys/messages/policy' },
  holdMessages: { method: 'PUT', path: '/v1/journeys/messages/hold' },
  setConsent: { method: 'PUT', path: '/v1/journeys/messages/consent' },
  showConsents: { method: 'GET', path: '/v1/journeys/messages/consent' },
  listJourneyTemplates: { method: 'GET', path: '/v1/journeys/templates' },
  showJourneyTemplate: { method: 'GET', path: '/v1/journeys/templates/{id}' },
  putJourneyTemplate: { method: 'PUT', path: '/v1/journeys/templates/{id}' },
  makeJourney: { method: 'POST', path: '/v1/journeys/templates/{id}/journeys' },
  setTemplatePhase: { method: 'POST', path: '/v1/journeys/templates/{id}/phase' },
  listTasks: { method: 'GET', path: '/v1/tasks' },
  stepTask: { method: 'POST', path: '/v1/tasks/{task}' },
  showConsentsOf: { method: 'GET', path: '/v1/journeys/messages/consent/{key}/{value}' },
  listChannels: { method: 'GET', path: '/v1/channels' },
  checkChannel: { method: 'POST', path: '/v1/channels/check' },
  showChannel: { method: 'GET', path: '/v1/channels/{channel}' },
  putChannel: { method: 'PUT', path: '/v1/channels/{channel}' },
  removeChannel: { method: 'DELETE', path: '/v1/channels/{channel}' },
  setChannelSecrets: { method: 'PUT', path: '/v1/channels/{channel}/secrets' },
  tryChannel: { method: 'POST', path: '/v1/channels/{channel}/test' },
  checkTemplate: { method: 'POST', path: '/v1/templates/check' },
  previewTemplate: { method: 'POST', path: '/v1/templates/preview' },
  listApprovals: { method: 'GET', path: '/v1/approvals' },
  listApprovalFlows: { method: 'GET', path: '/v1/approvals/flows' },
  setApprovalFlow: { method: 'PUT', path: '/v1/approvals/flows/{kind}' },
  removeApprovalFlow: { method: 'DELETE', path: '/v1/approvals/flows/{kind}' },
  showApproval: { method: 'GET', path: '/v1/approvals/{kind}/{id}' },
  askApproval: { method: 'POST', path: '/v1/approvals/{kind}/{id}' },
  voteApproval: { method: 'POST', path: '/v1/approvals/{kind}/{id}/votes' },
  delegateApproval: { method: 'POST', path: '/v1/approvals/{kind}/{id}/delegate' },
  withdrawApproval: { method: 'POST', path: '/v1/approvals/{kind}/{id}/withdraw' },
  listQuestions: { method: 'GET', path: '/v1/questions' },
  putQuestion: { method: 'PUT', path: '/v1/questions/{id}' },
  removeQuestion: { method: 'DELETE', path: '/v1/questions/{id}' },
  listDashboards: { method: 'GET', path: '/v1/dashboards' },
  showDashboard: { method: 'GET', path: '/v1/dashboards/{id}' },
  putDashboard: { method: 'PUT', path: '/v1/dashboards/{id}' },
  removeDashboard: { method: 'DELETE', path: '/v1/dashboards/{id}' },
  listTemplates: { method: 'GET', path: '/v1/templates' },
  showTemplate: { method: 'GET', path: '/v1/templates/{id}' },
  putTemplate: { method: 'PUT', path: '/v1/templates/{id}' },
  removeTemplate: { method: 'DELETE', path: '/v1/templates/{id}' },
  listUsers: { method: 'GET', path: '/v1/users' },
  createUser: { method: 'POST', path: '/v1/users' },
  changeUser: { method: 'PATCH', path: '/v1/users/{name}' },
  resetPassword: { method: 'POST', path: '/v1/users/{name}/password' },
  unlockUser: { method: 'POST', path: '/v1/users/{name}/unlock' },
  setRoles: { method: 'PUT', path: '/v1/users/{name}/roles' },
  setRole: { method: 'PUT', path: '/v1/roles/{id}' },
  removeRole: { method: 'DELETE', path: '/v1/roles/{id}' },
  removeFactor: { method: 'DELETE', path: '/v1/users/{name}/second-factor' },
  listKeys: { method: 'GET', path: '/v1/keys' },
  createKey: { method: 'POST', path: '/v1/keys' },
  removeKey: { method: 'DELETE', path: '/v1/keys/{id}' },
  listOrganisations: { method: 'GET', path: '/v1/organisations' },
  setOrganisation: { method: 'PUT', path: '/v1/organisations/{id}' },
  removeOrganisation: { method: 'DELETE', path: '/v1/organisations/{id}' },
  listRoles: { method: 'GET', path: '/v1/roles' },
  listTables: { method: 'GET', path: '/v1/tables' },
  declareTable: { method: 'PUT', path: '/v1/tables/{id}' },
  removeTable: { method: 'DELETE', path: '/v1/tables/{id}' },
  showRows: { method: 'GET', path: '/v1/tables/{id}/rows' },
  uploadRows: { method: 'POST', path: '/v1/tables/{id}/rows' },
  listDeliveries: { method: 'GET', path: '/v1/deliveries' },
  putDelivery: { method: 'PUT', path: '/v1/deliveries/{id}' },
  removeDelivery: { method: 'DELETE', path: '/v1/deliveries/{id}' },
  runDelivery: { method: 'POST', path: '/v1/deliveries/{id}/run' },
  retryDelivery: { method: 'POST', path: '/v1/deliveries/{id}/retry' },
} as const satisfies { [name in keyof Operations]: { method: string; path: string } };
