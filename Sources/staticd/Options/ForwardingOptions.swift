internal import Glibc
internal import StaticAssets
internal import StaticCollector
internal import StaticServer

/// The options of forwarding.
struct ForwardingOptions {
  private let arguments: MergedArguments
  let queue: QueueOptions

  init(_ arguments: MergedArguments) {
    self.arguments = arguments
    queue = QueueOptions(arguments: arguments)
  }

  /// Where the app was said to listen; nil without a word.
  ///
  /// - Throws: `CommandFailure` for an address that is none.
  func address() throws -> UpstreamAddress? {
    guard let upstream = arguments.text(.upstream) else { return nil }
    do throws(ListenAddress.Malformed) {
      return try UpstreamAddress(upstream)
    } catch {
      throw CommandFailure(.usage, "\(arguments.place(of: .upstream)) \(error)")
    }
  }

  /// What was asked for; nil without an app.
  ///
  /// - Parameters:
  ///   - app: where it listens; nil where the options say it.
  ///   - concurrency: how many requests it answers at a time, which `auto` stands for.
  /// - Throws: everything that is wrong with the options.
  func configuration(
    app: UpstreamAddress? = nil,
    concurrency: UpstreamConcurrency = .auto
  ) throws -> ForwardingConfiguration? {
    guard let upstream = try app ?? address() else { return nil }
    var configuration = ForwardingConfiguration(to: upstream)
    set(&configuration.connectTimeout, .upstreamConnectTimeout)
    set(&configuration.responseTimeout, .upstreamTimeout)
    set(&configuration.tunnelTimeout, .tunnelTimeout)
    set(&configuration.memoryBytesMax, .bufferMemory)
    if let count = arguments.number(.maxBuffer) { configuration.responseBytesMax = Int64(count) }
    if let count = arguments.number(.maxSpool) { configuration.spoolBytesMax = Int64(count) }
    if let seconds = arguments.number(.startTimeout) { configuration.startupHold = seconds }
    var mistakes = Mistakes()
    try mistakes.reading { try queue.apply(to: &configuration, auto: concurrency) }
    configuration.sendsProxyProtocol = proxyProtocol == .on
    configuration.namedFiles = try mistakes.reading(each: arguments.texts(.accel), namedFiles)
    try mistakes.refuse()
    if let directory = Environment.value("TMPDIR") { configuration.temporaryDirectory = directory }
    return configuration
  }

  /// Whether the app is to be told clients by the PROXY protocol.
  var proxyProtocol: ProxyProtocolUse.Choice {
    arguments.text(.upstreamProxyProtocol).flatMap { .init(rawValue: $0) } ?? .auto
  }

  private func set(_ value: inout Int, _ name: OptionName) {
    value = arguments.number(name) ?? value
  }

  /// `PREFIX=DIR`.
  private func namedFiles(_ text: String) throws -> NamedFiles.Directory {
    guard let end = text.firstIndex(of: "="), text.hasPrefix("/"),
      let prefix = URLPrefix(String(text[..<end])), end != text.indices.last
    else {
      throw arguments.failure(.accel, text, "give PREFIX=DIR such as /protected/=/srv/files")
    }
    let path = String(text[text.index(after: end)...])
    var status = stat()
    guard unsafe stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
      throw CommandFailure(
        .usage,
        "\(arguments.place(of: .accel, path)) is no directory; make it or leave it out"
      )
    }
    return NamedFiles.Directory(prefix: prefix.path, path: path)
  }
}
