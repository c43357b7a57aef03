internal import ArgumentParser
internal import Glibc
internal import StaticAssets
internal import StaticCollector
internal import StaticServer

/// The options of forwarding.
struct ForwardingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      The app that answers requests for no file: unix:PATH or HOST:PORT. (default: they are 404)
      """,
      valueName: "address"
    )
  )
  var upstream: String?

  @Option(
    help: ArgumentHelp(
      "Seconds a connection to the app may take; then 504, or 503 when its backlog is full.",
      valueName: "s"
    )
  )
  var upstreamConnectTimeout = Self.defaults.connectTimeout

  @Option(
    help: ArgumentHelp(
      "Seconds the app may take nothing of a request or send nothing of a response; then 504.",
      valueName: "s"
    )
  )
  var upstreamTimeout = Self.defaults.responseTimeout

  @Option(
    help: ArgumentHelp(
      "Seconds without a byte either way after which a WebSocket is closed.",
      valueName: "s"
    )
  )
  var tunnelTimeout = Self.defaults.tunnelTimeout

  @Option(
    help: ArgumentHelp(
      "Bytes of a request's content, and of its response, kept in memory; more goes to a file.",
      valueName: "bytes"
    )
  )
  var bufferMemory = Self.defaults.memoryBytesMax

  @Option(
    help: ArgumentHelp(
      "Bytes of a response that wait for a slow client, in memory and a file; then the app waits.",
      valueName: "bytes"
    )
  )
  var maxBuffer = Int(Self.defaults.responseBytesMax)

  @OptionGroup var queue: QueueOptions

  @Option(
    help: ArgumentHelp(
      """
      A directory whose files the app may answer with: X-Accel-Redirect below the URL path PREFIX, or \
      X-Sendfile below DIR; repeat for more.
      """,
      valueName: "prefix=dir"
    )
  )
  var accel: [String] = []

  private static var defaults: ForwardingConfiguration {
    ForwardingConfiguration(to: .unix(path: ""))
  }

  @Option(
    help: ArgumentHelp(
      """
      Bytes that all files of requests and responses have together; a request that needs more is \
      503, and a response is read from the app as its client takes it.
      """,
      valueName: "bytes"
    )
  )
  var maxSpool = Int(Self.defaults.spoolBytesMax)

  /// Where the app was said to listen; nil without a word.
  ///
  /// - Throws: `CommandFailure` for an address that is none.
  func address() throws -> UpstreamAddress? {
    guard let upstream else { return nil }
    do throws(ListenAddress.Malformed) {
      return try UpstreamAddress(upstream)
    } catch {
      throw CommandFailure(.usage, "--upstream \(error)")
    }
  }

  /// What was asked for; nil without an app.
  ///
  /// - Parameters:
  ///   - app: where it listens; nil where the options say it.
  ///   - concurrency: how many requests it answers at a time, which `auto` stands for.
  /// - Throws: `CommandFailure` for an address that is none, and for a value out of its range.
  func configuration(
    app: UpstreamAddress? = nil,
    concurrency: UpstreamConcurrency = .auto
  ) throws -> ForwardingConfiguration? {
    guard let upstream = try app ?? address() else { return nil }
    var configuration = ForwardingConfiguration(to: upstream)
    typealias Range = ForwardingConfiguration.Range
    configuration.connectTimeout = try Range.seconds.checked(
      upstreamConnectTimeout,
      "--upstream-connect-timeout"
    )
    configuration.responseTimeout = try Range.seconds.checked(
      upstreamTimeout,
      "--upstream-timeout"
    )
    configuration.tunnelTimeout = try Range.seconds.checked(tunnelTimeout, "--tunnel-timeout")
    configuration.memoryBytesMax = try Range.memoryBytes.checked(bufferMemory, "--buffer-memory")
    configuration.responseBytesMax = Int64(try Range.bytes.checked(maxBuffer, "--max-buffer"))
    configuration.spoolBytesMax = Int64(try Range.bytes.checked(maxSpool, "--max-spool"))
    try queue.apply(to: &configuration, auto: concurrency)
    configuration.namedFiles = try accel.map(Self.namedFiles)
    if let directory = unsafe getenv("TMPDIR") {
      let path = unsafe String(cString: directory)
      if !path.isEmpty { configuration.temporaryDirectory = path }
    }
    return configuration
  }

  /// `PREFIX=DIR`.
  private static func namedFiles(_ text: String) throws -> NamedFiles.Directory {
    guard let end = text.firstIndex(of: "="), text.hasPrefix("/"),
      let prefix = URLPrefix(String(text[..<end])), end != text.indices.last
    else {
      throw CommandFailure(
        .usage,
        "--accel '\(text)': give PREFIX=DIR such as /protected/=/srv/files"
      )
    }
    let path = String(text[text.index(after: end)...])
    var status = stat()
    guard unsafe stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
      throw CommandFailure(.usage, "--accel '\(path)' is no directory; make it or leave it out")
    }
    return NamedFiles.Directory(prefix: prefix.path, path: path)
  }
}
