internal import Glibc
internal import StaticAssets
internal import StaticCollector
internal import StaticServer

/// The options for forwarding requests to apps.
struct ForwardingOptions {
  private let arguments: MergedArguments
  let queue: QueueOptions

  init(_ arguments: MergedArguments) {
    self.arguments = arguments
    queue = QueueOptions(arguments: arguments)
  }

  /// An app that is already listening.
  struct Upstream {
    /// Its URL path; nil for the default app.
    let path: String?
    let address: UpstreamAddress
    /// The value of the option, for errors.
    let text: String
  }

  /// The apps of `--upstream`.
  ///
  /// - Throws: every mistake in the option.
  func upstreams() throws -> [Upstream] {
    var mistakes = Mistakes()
    let upstreams = try mistakes.reading(each: arguments.texts(.upstream), upstream)
    for (index, upstream) in upstreams.enumerated()
    where upstreams[..<index].contains(where: { $0.path == upstream.path }) {
      mistakes.add(
        arguments.place(of: .upstream, "\(upstream.address)")
          + ": there is an app \(upstream.path.map { "at \($0)" } ?? "for the rest") already"
      )
    }
    try mistakes.refuse()
    return upstreams
  }

  /// Throws for every app of `--upstream` with an address of a server with `listeners`: the server
  /// would forward to itself.
  func refuseOverlap(with listeners: [ListenAddress]) throws {
    var mistakes = Mistakes()
    for upstream in try upstreams() {
      let address = upstream.address.listenAddress
      guard let own = AddressOverlap.first(of: listeners, address) else { continue }
      mistakes.add(
        "\(arguments.place(of: .upstream, upstream.text)): staticd listens there itself (\(own)), "
          + "and would forward to itself; give the address of the app"
      )
    }
    try mistakes.refuse()
  }

  /// The address of the default app; nil if it is not given.
  ///
  /// - Throws: every mistake in the option.
  func address() throws -> UpstreamAddress? {
    try upstreams().first { $0.path == nil }?.address
  }

  /// `[/URL/=]ADDRESS`.
  private func upstream(_ text: String) throws -> Upstream {
    let (url, address) = URLArgument.split(text)
    var path: String?
    if let url {
      path = URLArgument.path(url)
      guard path != nil else { throw arguments.failure(.upstream, text, URLArgument.advice) }
    }
    do throws(ListenAddress.Malformed) {
      return Upstream(
        path: path == "/" ? nil : path,
        address: try UpstreamAddress(address),
        text: text
      )
    } catch {
      throw CommandFailure(.usage, "\(arguments.place(of: .upstream)) \(error)")
    }
  }

  /// The forwarding configuration; nil without an app.
  ///
  /// - Parameters:
  ///   - app: where the default app listens; nil to use `--upstream`.
  ///   - concurrency: the limit that `auto` stands for.
  /// - Throws: every mistake in the options.
  func configuration(
    app: UpstreamAddress? = nil,
    concurrency: UpstreamConcurrency = .auto
  ) throws -> ForwardingConfiguration? {
    let upstreams = try upstreams()
    let others = upstreams.filter { $0.path != nil }
    let plain = app ?? upstreams.first { $0.path == nil }?.address
    guard let first = plain ?? others.first?.address else { return nil }
    var configuration = ForwardingConfiguration(to: first)
    if plain == nil, let path = others.first?.path { configuration.path = path }
    set(&configuration.connectTimeout, .upstreamConnectTimeout)
    set(&configuration.responseTimeout, .upstreamTimeout)
    set(&configuration.tunnelTimeout, .tunnelTimeout)
    set(&configuration.memoryBytesMax, .bufferMemory)
    if let count = arguments.number(.maxBuffer) { configuration.responseBytesMax = Int64(count) }
    if let count = arguments.number(.maxSpool) { configuration.spoolBytesMax = Int64(count) }
    if let seconds = arguments.number(.startTimeout) {
      configuration.startupHold = .seconds(seconds)
    }
    var mistakes = Mistakes()
    try mistakes.reading { try queue.apply(to: &configuration, auto: concurrency) }
    configuration.sendsProxyProtocol = proxyProtocol == .on
    for case let (path?, address) in others.dropFirst(plain == nil ? 1 : 0).map({
      ($0.path, $0.address)
    }) {
      // `auto` is known for the default app only.
      let count =
        queue.isAutomatic ? UpstreamConcurrency.auto.limit : configuration.concurrencyMax
      var other = ForwardingConfiguration.Other(
        path: path,
        upstream: address,
        concurrencyMax: count
      )
      other.sendsProxyProtocol = proxyProtocol == .on
      configuration.others.append(other)
    }
    configuration.namedFiles = try mistakes.reading(each: arguments.texts(.accel), namedFiles)
    try mistakes.refuse()
    if let directory = Environment.path("TMPDIR") { configuration.temporaryDirectory = directory }
    let directory = configuration.temporaryDirectory
    configuration.onSpoolFailure = { code in
      Console.diagnose(
        "a temporary file in '\(directory)' could not be written: \(FileError.text(of: code)); contents "
          + "above --buffer-memory get 503; make room, or set TMPDIR to a directory that can be written"
      )
    }
    return configuration
  }

  /// Whether the PROXY protocol conveys the client's address to the app.
  var proxyProtocol: ProxyProtocolUse.Choice {
    arguments.text(.upstreamProxyProtocol).flatMap { .init(rawValue: $0) } ?? .auto
  }

  private func set(_ time: inout Duration, _ name: OptionName) {
    time = arguments.number(name).map { .seconds($0) } ?? time
  }

  private func set(_ value: inout Int, _ name: OptionName) {
    value = arguments.number(name) ?? value
  }

  /// `PREFIX=DIR`.
  private func namedFiles(_ text: String) throws -> NamedDirectory {
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
    return NamedDirectory(prefix: prefix.path, path: path)
  }
}
