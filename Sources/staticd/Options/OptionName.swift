/// The options of all commands.
///
/// The raw value is the long name, without the leading hyphens.
enum OptionName: String, CaseIterable, Sendable {
  case accel
  case accessLog = "access-log"
  case accessLogFile = "access-log-file"
  case admin
  case adminPublic = "admin-public"
  case appPath = "app-path"
  case autorefresh
  case bodyTimeout = "body-timeout"
  case bufferMemory = "buffer-memory"
  case cache
  case cacheTag = "cache-tag"
  case cleanURLs = "clean-urls"
  case clear
  case config
  case deltas
  case dictionary
  case directoryMode = "directory-mode"
  case django
  case djangoTimeout = "django-timeout"
  case dryRun = "dry-run"
  case durability
  case endpoint
  case errorPage = "error-page"
  case fallback
  case field
  case fileMode = "file-mode"
  case formats
  case fromRelease = "from-release"
  case fromReleaseOptional = "from-release-optional"
  case forwardedFor = "forwarded-for"
  case grace
  case halfClosedClients = "half-closed-clients"
  case header
  case headTimeout = "head-timeout"
  case healthPath = "health-path"
  case hsts
  case hstsPreload = "hsts-preload"
  case hstsSubdomains = "hsts-subdomains"
  case httpsExempt = "https-exempt"
  case httpsHost = "https-host"
  case httpsRedirect = "https-redirect"
  case ignore
  case immutable
  case index
  case jobs
  case jsModules = "js-modules"
  case json
  case keepaliveRequests = "keepalive-requests"
  case keepaliveTimeout = "keepalive-timeout"
  case keepOnlyHashed = "keep-only-hashed"
  case keepReleases = "keep-releases"
  case layout
  case link
  case listen
  case logFormat = "log-format"
  case live
  case liveActive = "live-active"
  case maxAge = "max-age"
  case maxBody = "max-body"
  case maxBuffer = "max-buffer"
  case maxConnections = "max-connections"
  case maxFields = "max-fields"
  case maxHead = "max-head"
  case maxSpool = "max-spool"
  case mediaType = "media-type"
  case memory
  case method
  case minRate = "min-rate"
  case missing
  case missingSourceMaps = "missing-source-maps"
  case noCache = "no-cache"
  case noCompress = "no-compress"
  case noCORS = "no-cors"
  case noDefaultIgnore = "no-default-ignore"
  case noPostProcess = "no-post-process"
  case peer
  case peerTimeout = "peer-timeout"
  case progress
  case proxyProtocol = "proxy-protocol"
  case `public`
  case python
  case queueLength = "queue-length"
  case queueTimeout = "queue-timeout"
  case quiet
  case redirects
  case report
  case restart
  case root
  case rules
  case sendTimeout = "send-timeout"
  case serverTiming = "server-timing"
  case settings
  case shareManifests = "share-manifests"
  case skipCompress = "skip-compress"
  case source
  case sourceDate = "source-date"
  case staleIfError = "stale-if-error"
  case staleWhileRevalidate = "stale-while-revalidate"
  case startTimeout = "start-timeout"
  case surrogateKey = "surrogate-key"
  case trustProxy = "trust-proxy"
  case tunnelTimeout = "tunnel-timeout"
  case unknown
  case upstream
  case upstreamConcurrency = "upstream-concurrency"
  case upstreamConnectTimeout = "upstream-connect-timeout"
  case upstreamProxyProtocol = "upstream-proxy-protocol"
  case upstreamTimeout = "upstream-timeout"
  case url
  case verbose
  case workers
}
