internal import StaticServer

/// The options for requesting hashed names from other replicas.
struct PeerOptions: Sendable {
  /// A peer as given: an address, or a name with a port whose addresses may change.
  enum Peer: Sendable {
    case address(UpstreamAddress)
    case name(String)
  }

  let peers: [Peer]
  private let timeout: Duration

  /// - Throws: every mistake in the options.
  init(_ arguments: MergedArguments) throws {
    var mistakes = Mistakes()
    peers = try mistakes.reading(each: arguments.texts(.peer)) { text in
      try Self.peer(text, arguments)
    }
    timeout = .seconds(arguments.number(.peerTimeout) ?? 2)
    try mistakes.refuse()
  }

  /// The configuration of a server, without peers that have names: these are resolved while it
  /// runs.
  var configuration: PeerConfiguration {
    guard !peers.isEmpty else { return PeerConfiguration() }
    var configuration = PeerConfiguration(addresses { _ in [] })
    configuration.timeout = timeout
    return configuration
  }

  /// Whether any peer has a name, whose addresses may change.
  var hasNames: Bool {
    peers.contains {
      if case .name = $0 { true } else { false }
    }
  }

  /// The current addresses of all peers, without those of names that have never resolved.
  ///
  /// - Parameter last: the last known addresses of each name, which are kept if the resolver fails.
  func addresses(_ last: inout [String: [ListenAddress]]) -> [UpstreamAddress] {
    for case .name(let text) in peers {
      if let found = try? ListenNames.addresses(text, "--peer") { last[text] = found }
    }
    let known = last
    return addresses { known[$0] ?? [] }
  }

  private func addresses(_ lookUp: (String) -> [ListenAddress]) -> [UpstreamAddress] {
    var addresses: [UpstreamAddress] = []
    for peer in peers {
      switch peer {
      case .address(let address): addresses.append(address)
      case .name(let text):
        // Resolvers rotate the order, which must not look like a change of the addresses.
        addresses += lookUp(text).compactMap { try? UpstreamAddress($0.description) }
          .sorted { $0.description < $1.description }
      }
    }
    return addresses
  }

  /// `http://HOST[:PORT]`, `HOST:PORT` or `unix:PATH`.
  private static func peer(_ text: String, _ arguments: MergedArguments) throws -> Peer {
    let advice = "give http://HOST:PORT or unix:PATH"
    var rest = Substring(text)
    if let scheme = text.range(ofScheme: "://") {
      guard scheme.name == "http" else {
        let reason =
          scheme.name == "https"
          ? "replicas are asked over HTTP without TLS; \(advice)" : advice
        throw arguments.failure(.peer, text, reason)
      }
      rest = scheme.rest
      if rest.hasSuffix("/") { rest = rest.dropLast() }
      guard !rest.isEmpty else { throw arguments.failure(.peer, text, advice) }
      guard !rest.contains("/") else {
        throw arguments.failure(.peer, text, "the path is that of the request; \(advice)")
      }
      let bracket = rest.lastIndex(of: "]") ?? rest.startIndex
      if !rest[bracket...].contains(":") { rest = rest + ":80" }
    }
    if let address = try? UpstreamAddress(String(rest)) { return .address(address) }
    guard ListenNames.isName(String(rest)) else { throw arguments.failure(.peer, text, advice) }
    return .name(String(rest))
  }
}

extension String {
  /// The scheme in lower case, and the text after `separator`; nil without a scheme.
  fileprivate func range(ofScheme separator: String) -> (name: String, rest: Substring)? {
    guard let colon = firstIndex(of: ":"), self[colon...].hasPrefix(separator) else { return nil }
    return (self[..<colon].lowercased(), self[colon...].dropFirst(separator.count))
  }
}
