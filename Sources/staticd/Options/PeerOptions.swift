internal import StaticServer

/// The replicas that are asked for hashed names.
struct PeerOptions: Sendable {
  /// A peer as it was given: an address, or a name with a port whose addresses may change.
  enum Peer: Sendable {
    case address(UpstreamAddress)
    case name(String)
  }

  let peers: [Peer]
  private let timeout: Duration

  /// - Throws: everything that is wrong with the options.
  init(_ arguments: MergedArguments) throws {
    var mistakes = Mistakes()
    peers = try mistakes.reading(each: arguments.texts(.peer)) { text in
      try Self.peer(text, arguments)
    }
    timeout = .seconds(arguments.number(.peerTimeout) ?? 2)
    try mistakes.refuse()
  }

  /// The peers for a server, without those that have names: these are looked up while it runs.
  var configuration: PeerConfiguration {
    guard !peers.isEmpty else { return PeerConfiguration() }
    var configuration = PeerConfiguration(addresses { _ in [] })
    configuration.timeout = timeout
    return configuration
  }

  /// Whether there are names, whose addresses may change.
  var hasNames: Bool {
    peers.contains {
      if case .name = $0 { true } else { false }
    }
  }

  /// The addresses of all peers now; a name without one, such as that of replicas that are not there
  /// yet, has none.
  ///
  /// - Parameter last: the addresses that each name had, which stay where the resolver fails.
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
        // The order of a resolver changes from one answer to the next.
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
  /// The scheme in lower case and what is behind `separator`; nil without it.
  fileprivate func range(ofScheme separator: String) -> (name: String, rest: Substring)? {
    guard let colon = firstIndex(of: ":"), self[colon...].hasPrefix(separator) else { return nil }
    return (self[..<colon].lowercased(), self[colon...].dropFirst(separator.count))
  }
}
