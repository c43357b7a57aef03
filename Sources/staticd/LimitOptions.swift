internal import ArgumentParser
internal import StaticAssets
internal import StaticServer

/// What `staticd serve` allows a client: the options that are numbers with a limit.
struct LimitOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Connections of all loops together. When full, the longest idle ones are closed, then those \
      that have sent nothing for a second; without any, new clients wait. (default: what \
      RLIMIT_NOFILE leaves room for)
      """,
      valueName: "n"
    )
  )
  var maxConnections: Int?

  @Option(help: ArgumentHelp("Bytes of a request head; more is 431.", valueName: "bytes"))
  var maxHead = Self.defaults.limits.headBytesMax

  @Option(help: ArgumentHelp("Field lines of a request; more is 431.", valueName: "n"))
  var maxFields = Self.defaults.limits.fieldCountMax

  @Option(
    help: ArgumentHelp(
      """
      Bytes of content; more is 413. (default: 1 MiB that is read and dropped, or 100 MiB for \
      the app)
      """,
      valueName: "bytes"
    )
  )
  var maxBody: Int?

  @Option(
    help: ArgumentHelp(
      "Seconds for a request head, from the connection or its first byte on; then 408.",
      valueName: "s"
    )
  )
  var headTimeout = Self.defaults.headTimeout

  @Option(
    help: ArgumentHelp("Seconds a connection is kept between two requests.", valueName: "s")
  )
  var keepaliveTimeout = Self.defaults.keepAliveTimeout

  @Option(
    help: ArgumentHelp(
      "Requests on one connection, which is closed after the last; 0: any number.",
      valueName: "n"
    )
  )
  var keepaliveRequests = Self.defaults.requestsPerConnectionMax

  @Option(
    help: ArgumentHelp("Seconds a client may stop in the middle of content.", valueName: "s")
  )
  var bodyTimeout = Self.defaults.contentTimeout

  @Option(
    help: ArgumentHelp("Seconds a client may stop taking its response.", valueName: "s")
  )
  var sendTimeout = Self.defaults.sendTimeout

  @Option(
    help: ArgumentHelp(
      """
      Bytes in a second that a client has to take of a response or send of content; a slower one \
      uses up the time-out above. 0: none.
      """,
      valueName: "bytes/s"
    )
  )
  var minRate = Self.defaults.bytesPerSecondMin

  @Option(
    help: ArgumentHelp(
      "Seconds that requests in flight, and an app, have to finish after SIGTERM.",
      valueName: "s"
    )
  )
  var grace = Self.defaults.grace

  private static var defaults: ServerConfiguration { ServerConfiguration(listeners: []) }

  /// Puts the limits into `configuration`.
  ///
  /// - Throws: `CommandFailure` for a value out of its range.
  func apply(to configuration: inout ServerConfiguration) throws {
    typealias Range = ServerConfiguration.Range
    if let maxConnections {
      configuration.connectionsMax = try Range.connections.checked(
        maxConnections,
        "--max-connections"
      )
    }
    configuration.limits.headBytesMax = try Range.headBytes.checked(maxHead, "--max-head")
    configuration.limits.fieldCountMax = try Range.fieldCount.checked(maxFields, "--max-fields")
    if let maxBody {
      let count = Int64(try Range.contentBytes.checked(maxBody, "--max-body"))
      configuration.contentBytesMax = count
      configuration.forwarding?.contentBytesMax = count
    }
    configuration.headTimeout = try Range.seconds.checked(headTimeout, "--head-timeout")
    configuration.keepAliveTimeout = try Range.seconds.checked(
      keepaliveTimeout,
      "--keepalive-timeout"
    )
    configuration.contentTimeout = try Range.seconds.checked(bodyTimeout, "--body-timeout")
    configuration.sendTimeout = try Range.seconds.checked(sendTimeout, "--send-timeout")
    configuration.grace = try Range.graceSeconds.checked(grace, "--grace")
    configuration.requestsPerConnectionMax = try Range.requests.checked(
      keepaliveRequests,
      "--keepalive-requests"
    )
    configuration.bytesPerSecondMin = try Range.bytesPerSecond.checked(minRate, "--min-rate")
  }
}
