internal import StaticAssets
internal import StaticServer

/// The options of forwarding, of the queue in front of the app, and of running it.
extension OptionTable {
  private static let defaults = ForwardingConfiguration(to: .unix(path: ""))
  private typealias Range = ForwardingConfiguration.Range

  static let app: [OptionDefinition] = [
    OptionDefinition(
      name: .upstream,
      kind: .text("[/URL/=]ADDRESS"),
      commands: [.run],
      topic: .app,
      help: """
        Where the app listens: unix:PATH or HOST:PORT. With /URL/= another app, which gets what is \
        below that path; repeat for more.
        """,
      example: "run --root staticfiles --upstream /api/=127.0.0.1:9000"
        + " -- gunicorn mysite.wsgi",
      isRepeated: true,
      otherwise: "a private Unix socket, or the port in PORT"
    ),
    OptionDefinition(
      name: .startTimeout,
      kind: .number(0...86400, "SECONDS"),
      commands: [.run],
      topic: .app,
      help: "How long requests wait for an app that does not listen yet; then 503.",
      example: "run --root staticfiles --start-timeout 60 -- gunicorn mysite.wsgi",
      standard: "30"
    ),
    OptionDefinition(
      name: .restart,
      kind: .choice(["never", "on-failure"]),
      commands: [.run],
      topic: .app,
      help: """
        Whether an app that fails is started again, after 1 s, 2 s, 4 s and so on, at most 60 s.
        """,
      example: "run --root staticfiles --restart on-failure -- gunicorn mysite.wsgi",
      isBasic: true,
      standard: "never"
    ),
    OptionDefinition(
      name: .upstreamConnectTimeout,
      kind: .number(Range.seconds, "SECONDS"),
      commands: CommandName.serving,
      topic: .app,
      help: """
        How long a connection to the app may take; then 504, or 503 if its backlog is full.
        """,
      example: "serve --root staticfiles --upstream 127.0.0.1:8001"
        + " --upstream-connect-timeout 2",
      standard: "\(defaults.connectTimeout.wholeSeconds)"
    ),
    OptionDefinition(
      name: .upstreamTimeout,
      kind: .number(Range.seconds, "SECONDS"),
      commands: CommandName.serving,
      topic: .app,
      help: """
        How long the app may take nothing of a request, or send nothing of a response; then 504.
        """,
      example: "serve --root staticfiles --upstream 127.0.0.1:8001 --upstream-timeout 120",
      standard: "\(defaults.responseTimeout.wholeSeconds)"
    ),
    OptionDefinition(
      name: .tunnelTimeout,
      kind: .number(Range.seconds, "SECONDS"),
      commands: CommandName.serving,
      topic: .app,
      help: "How long a WebSocket may be silent in both directions; then it is closed.",
      example: "serve --root staticfiles --upstream 127.0.0.1:8001 --tunnel-timeout 600",
      standard: "\(defaults.tunnelTimeout.wholeSeconds)"
    ),
    OptionDefinition(
      name: .bufferMemory,
      kind: .number(Range.memoryBytes, "BYTES"),
      commands: CommandName.serving,
      topic: .app,
      help: """
        How much of a request's content, and of its response, is kept in memory; more goes to a \
        file.
        """,
      example: "serve --root staticfiles --upstream 127.0.0.1:8001 --buffer-memory 131072",
      standard: "\(defaults.memoryBytesMax)"
    ),
    OptionDefinition(
      name: .maxBuffer,
      kind: .number(Range.bytes, "BYTES"),
      commands: CommandName.serving,
      topic: .app,
      help: """
        How much of a response may wait for a slow client, in memory and a file; then the app waits.
        """,
      example: "serve --root staticfiles --upstream 127.0.0.1:8001 --max-buffer 268435456",
      standard: "\(defaults.responseBytesMax)"
    ),
    OptionDefinition(
      name: .maxSpool,
      kind: .number(Range.bytes, "BYTES"),
      commands: CommandName.serving,
      topic: .app,
      help: """
        The size of the files of all requests and responses together. Beyond it, a request that \
        needs a file is 503, and a response is read from the app as its client takes it.
        """,
      example: "serve --root staticfiles --upstream 127.0.0.1:8001 --max-spool 1073741824",
      standard: "\(defaults.spoolBytesMax)"
    ),
    OptionDefinition(
      name: .accel,
      kind: .path("PREFIX=DIR"),
      commands: CommandName.serving,
      topic: .app,
      help: """
        A directory whose files the app may answer with: X-Accel-Redirect below the URL path \
        PREFIX, or X-Sendfile below DIR. Repeat for more.
        """,
      example: "serve --root staticfiles --upstream 127.0.0.1:8001"
        + " --accel /protected/=protected",
      isRepeated: true
    ),
    OptionDefinition(
      name: .upstreamProxyProtocol,
      kind: .choice(["auto", "on", "off"]),
      commands: CommandName.serving,
      topic: .app,
      help: """
        Whether each request goes to the app over a connection of its own that begins with the PROXY \
        protocol, version 1, which gives a WSGI app its client's REMOTE_ADDR. 'auto' is for a \
        gunicorn that 'staticd run' starts with its own workers.
        """,
      example: "serve --root staticfiles --upstream 127.0.0.1:8001"
        + " --upstream-proxy-protocol on",
      standard: "auto"
    ),
  ]

  static let queue: [OptionDefinition] = [
    OptionDefinition(
      name: .upstreamConcurrency,
      kind: .text("N|auto"),
      commands: CommandName.serving,
      topic: .queue,
      help: """
        How many requests the app is given at the same time, 0 for any number; the others wait. \
        'auto' is what the command line of an app of 'staticd run' says, else \
        \(UpstreamConcurrency.unknown).
        """,
      example: "serve --root staticfiles --upstream 127.0.0.1:8001 --upstream-concurrency 8",
      standard: "auto"
    ),
    OptionDefinition(
      name: .queueTimeout,
      kind: .number(Range.queueSeconds, "SECONDS"),
      commands: CommandName.serving,
      topic: .queue,
      help: "How long a request waits until the app is given it; then 503.",
      example: "serve --root staticfiles --upstream 127.0.0.1:8001 --queue-timeout 10",
      standard: "\(defaults.queueTimeout.wholeSeconds)"
    ),
    OptionDefinition(
      name: .queueLength,
      kind: .number(Range.queueCount, "N"),
      commands: CommandName.serving,
      topic: .queue,
      help: "How many requests may wait; one more is 503.",
      example: "serve --root staticfiles --upstream 127.0.0.1:8001 --queue-length 1000",
      standard: "\(defaults.queueCountMax)"
    ),
    OptionDefinition(
      name: .halfClosedClients,
      kind: .choice(["abandon", "wait"]),
      commands: CommandName.serving,
      topic: .queue,
      help: """
        Whether a client that has ended its side of the connection has left (abandon), or gets its \
        answer (wait).
        """,
      example: "serve --root staticfiles --upstream 127.0.0.1:8001"
        + " --half-closed-clients wait",
      standard: "abandon"
    ),
  ]
}
