internal import StaticAssets
internal import StaticServer

/// The options of proxies, of the access log, and of the limits for clients.
extension OptionTable {
  private static let defaults = StaticServer.Configuration(listeners: [])
  private typealias Range = StaticServer.Configuration.Range

  static let proxy: [OptionDefinition] = [
    OptionDefinition(
      name: .trustProxy,
      kind: .text("CIDR|private|all|none"),
      commands: CommandName.serving,
      topic: .proxy,
      help: """
        Proxies whose fields about the client, such as its address, are used: a network such as \
        10.0.0.0/8, 'private' for all private networks, 'all' or 'none'. Repeat for more.
        """,
      example: "serve --root staticfiles --upstream 127.0.0.1:8001 --trust-proxy 10.0.0.0/8",
      isRepeated: true,
      isBasic: true,
      otherwise: "the router of the platform that the environment names, else none"
    ),
    OptionDefinition(
      name: .forwardedFor,
      kind: .choice(["client", "chain"]),
      commands: CommandName.serving,
      topic: .proxy,
      help: """
        What the app finds in X-Forwarded-For: the client alone, or the addresses that a trusted \
        proxy sent and that proxy.
        """,
      example: "serve --root staticfiles --upstream 127.0.0.1:8001"
        + " --trust-proxy private --forwarded-for chain",
      otherwise: "client"
    ),
    OptionDefinition(
      name: .proxyProtocol,
      kind: .isOn,
      commands: CommandName.serving,
      topic: .proxy,
      help: """
        Every connection begins with the PROXY protocol, version 1 or 2. Only the load balancer \
        may be able to connect then.
        """,
      example: "serve --root staticfiles --proxy-protocol"
    ),
    OptionDefinition(
      name: .httpsRedirect,
      kind: .isOn,
      commands: CommandName.serving,
      topic: .proxy,
      help: "Redirect requests that a trusted proxy got over HTTP to HTTPS.",
      example: "serve --root staticfiles --trust-proxy private --https-redirect"
    ),
    OptionDefinition(
      name: .httpsExempt,
      kind: .text("GLOB"),
      commands: CommandName.serving,
      topic: .proxy,
      help: """
        Paths that --https-redirect leaves as they are, such as /healthz or '/hooks/*'. Repeat for \
        more.
        """,
      example: "serve --root staticfiles --trust-proxy private --https-redirect"
        + " --https-exempt /healthz",
      isRepeated: true
    ),
    OptionDefinition(
      name: .httpsHost,
      kind: .text("HOST"),
      commands: CommandName.serving,
      topic: .proxy,
      help: "The host that --https-redirect leads to, with a port if need be.",
      example: "serve --root staticfiles --trust-proxy private --https-redirect"
        + " --https-host www.example.com",
      otherwise: "that of the request"
    ),
    OptionDefinition(
      name: .hsts,
      kind: .number(0...(1 << 31), "SECONDS"),
      commands: CommandName.serving,
      topic: .proxy,
      help: """
        Send Strict-Transport-Security with answers over HTTPS, to the app's unless it sends its own: \
        how long browsers are to use HTTPS alone.
        """,
      example: "serve --root staticfiles --trust-proxy private --hsts 31536000"
    ),
    OptionDefinition(
      name: .hstsSubdomains,
      kind: .isOn,
      commands: CommandName.serving,
      topic: .proxy,
      help: "Add includeSubDomains to it.",
      example: "serve --root staticfiles --trust-proxy private --hsts 31536000"
        + " --hsts-subdomains"
    ),
    OptionDefinition(
      name: .hstsPreload,
      kind: .isOn,
      commands: CommandName.serving,
      topic: .proxy,
      help: "Add preload to it.",
      example: "serve --root staticfiles --trust-proxy private --hsts 31536000"
        + " --hsts-subdomains --hsts-preload"
    ),
    OptionDefinition(
      name: .serverTiming,
      kind: .isOn,
      commands: CommandName.serving,
      topic: .proxy,
      help: "Tell clients in Server-Timing how long the app took.",
      example: "serve --root staticfiles --upstream 127.0.0.1:8001 --server-timing"
    ),
  ]

  static let log: [OptionDefinition] = [
    OptionDefinition(
      name: .accessLog,
      kind: .choice(["json", "combined", "off"]),
      commands: CommandName.serving,
      topic: .log,
      help: "The form of the access log.",
      example: "serve --root staticfiles --access-log combined",
      standard: "json"
    ),
    OptionDefinition(
      name: .accessLogFile,
      kind: .path("FILE"),
      commands: CommandName.serving,
      topic: .log,
      help: """
        Where the access log goes; '-' is standard output. A file is opened again at SIGUSR1 and \
        SIGHUP. 'syslog:/dev/log', 'syslog:unix:PATH' and 'syslog:HOST:PORT' (UDP) name a syslog \
        daemon.
        """,
      example: "serve --root staticfiles --access-log-file access.log",
      standard: "-"
    ),
    OptionDefinition(
      name: .logFormat,
      kind: .choice(["text", "json"]),
      commands: CommandName.serving,
      topic: .log,
      help: "The form of notices, which go to standard error.",
      example: "serve --root staticfiles --log-format json",
      standard: "text"
    ),
  ]

  static let limits: [OptionDefinition] = [
    OptionDefinition(
      name: .maxConnections,
      kind: .number(Range.connections, "N"),
      commands: CommandName.serving,
      topic: .limits,
      help: """
        Connections of all loops together. When there are as many, the longest idle ones are \
        closed, then those that have sent nothing for a second. Without any, new clients wait.
        """,
      example: "serve --root staticfiles --max-connections 500",
      otherwise: "what RLIMIT_NOFILE leaves room for"
    ),
    OptionDefinition(
      name: .maxHead,
      kind: .number(Range.headBytes, "BYTES"),
      commands: CommandName.serving,
      topic: .limits,
      help: "The size of a request head; more is 431.",
      example: "serve --root staticfiles --max-head 32768",
      standard: "\(defaults.limits.headBytesMax)"
    ),
    OptionDefinition(
      name: .maxFields,
      kind: .number(Range.fieldCount, "N"),
      commands: CommandName.serving,
      topic: .limits,
      help: "The field lines of a request; more is 431.",
      example: "serve --root staticfiles --max-fields 50",
      standard: "\(defaults.limits.fieldCountMax)"
    ),
    OptionDefinition(
      name: .maxBody,
      kind: .number(Range.contentBytes, "BYTES"),
      commands: CommandName.serving,
      topic: .limits,
      help: "The size of a request's content; more is 413.",
      example: "serve --root staticfiles --upstream 127.0.0.1:8001 --max-body 10485760",
      otherwise: "100 MiB for the app, 1 MiB that is read and dropped without one"
    ),
    OptionDefinition(
      name: .headTimeout,
      kind: .number(Range.seconds, "SECONDS"),
      commands: CommandName.serving,
      topic: .limits,
      help: "How long a request head may take, from the connection or its first byte on; then 408.",
      example: "serve --root staticfiles --head-timeout 5",
      standard: "\(defaults.headTimeout.wholeSeconds)"
    ),
    OptionDefinition(
      name: .keepaliveTimeout,
      kind: .number(Range.seconds, "SECONDS"),
      commands: CommandName.serving,
      topic: .limits,
      help: "How long a connection is kept between two requests.",
      example: "serve --root staticfiles --keepalive-timeout 30",
      standard: "\(defaults.keepAliveTimeout.wholeSeconds)"
    ),
    OptionDefinition(
      name: .keepaliveRequests,
      kind: .number(Range.requests, "N"),
      commands: CommandName.serving,
      topic: .limits,
      help: "Requests on one connection, which is closed after the last; 0 for any number.",
      example: "serve --root staticfiles --keepalive-requests 1000",
      standard: "\(defaults.requestsPerConnectionMax)"
    ),
    OptionDefinition(
      name: .bodyTimeout,
      kind: .number(Range.seconds, "SECONDS"),
      commands: CommandName.serving,
      topic: .limits,
      help: "How long a client may stop in the middle of content.",
      example: "serve --root staticfiles --upstream 127.0.0.1:8001 --body-timeout 10",
      standard: "\(defaults.contentTimeout.wholeSeconds)"
    ),
    OptionDefinition(
      name: .sendTimeout,
      kind: .number(Range.seconds, "SECONDS"),
      commands: CommandName.serving,
      topic: .limits,
      help: "How long a client may stop taking its response.",
      example: "serve --root staticfiles --send-timeout 30",
      standard: "\(defaults.sendTimeout.wholeSeconds)"
    ),
    OptionDefinition(
      name: .minRate,
      kind: .number(Range.bytesPerSecond, "BYTES/S"),
      commands: CommandName.serving,
      topic: .limits,
      help: """
        What a client has to take of a response, or send of content. A slower one uses up the \
        time-out above. 0 for none.
        """,
      example: "serve --root staticfiles --min-rate 1000",
      standard: "\(defaults.bytesPerSecondMin)"
    ),
    OptionDefinition(
      name: .grace,
      kind: .number(Range.graceSeconds, "SECONDS"),
      commands: CommandName.serving,
      topic: .limits,
      help: "How long requests in flight, and an app, have to finish after SIGTERM.",
      example: "serve --root staticfiles --grace 10",
      standard: "\(defaults.grace.wholeSeconds)"
    ),
  ]
}
