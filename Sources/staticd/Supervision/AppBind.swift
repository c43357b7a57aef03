internal import StaticAssets
internal import StaticServer

/// An address at which an app listens by its own configuration.
struct AppBind: Equatable {
  /// The address; `0.0.0.0` and `[::]` are all addresses of the machine.
  let address: ListenAddress
  /// The words that set it, such as `--bind 0.0.0.0:8000`.
  let words: String

  /// The error for a bind that cannot be connected to.
  struct Unusable: Error {}

  /// Reads `text`: `HOST:PORT`, `HOST`, `:PORT`, `[::1]:PORT`, `tcp://...`, `unix:PATH`.
  ///
  /// Sources: gunicorn's `parse_address`, hypercorn's `_create_sockets`, uWSGI's socket names,
  /// waitress's `listen`, puma's binds.
  init(_ text: String, words: String, standardPort: UInt16) throws(Unusable) {
    if text.hasPrefix("unix:") {
      let rest = text.dropFirst(5)
      try self.init(socket: String(rest.hasPrefix("//") ? rest.dropFirst(2) : rest), words: words)
    } else if text.contains("/"), !text.contains(":") {
      try self.init(socket: text, words: words)
    } else if let scheme = text.firstRange(ofText: "://") {
      // `fd://` has no address, and `ssl://` is not plain HTTP.
      guard text[..<scheme.lowerBound] == "tcp" else { throw Unusable() }
      try self.init(
        tcp: String(text[scheme.upperBound...]),
        words: words,
        standardPort: standardPort
      )
    } else {
      try self.init(tcp: text, words: words, standardPort: standardPort)
    }
  }

  /// A host and a port.
  init(host: String, port: String, words: String) throws(Unusable) {
    self.words = words
    let name =
      switch host.lowercased() {
      case "", "0", "*": "0.0.0.0"
      case let text where text.contains(":") && !text.hasPrefix("["): "[\(text)]"
      case let text: text
      }
    guard let address = try? ListenAddress("\(name):\(port)"), UInt16(port) != 0 else {
      throw Unusable()
    }
    self.address = address
  }

  /// A Unix socket.
  init(socket path: String, words: String) throws(Unusable) {
    self.words = words
    guard let address = try? ListenAddress("unix:\(path)") else { throw Unusable() }
    self.address = address
  }

  private init(tcp text: String, words: String, standardPort: UInt16) throws(Unusable) {
    guard let colon = text.lastIndex(of: ":"), !text.hasSuffix("]") else {
      try self.init(host: text, port: "\(standardPort)", words: words)
      return
    }
    let port = String(text[text.index(after: colon)...])
    try self.init(host: String(text[..<colon]), port: port, words: words)
  }

  /// The same bind of a server that is started in `directory`: a Unix socket may have a relative
  /// path.
  func resolved(in directory: String) throws(Unusable) -> AppBind {
    // A leading `@` is an abstract name.
    guard case .unix(let path) = address, !path.hasPrefix("/"), !path.hasPrefix("@") else {
      return self
    }
    return try AppBind(socket: "\(directory)/\(path)", words: words)
  }

  /// The address to connect to.
  var upstream: UpstreamAddress { UpstreamAddress(address) }
}
