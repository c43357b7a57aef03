internal import StaticServer

/// How many connections a limit of descriptors can carry.
struct ConnectionCapacity {
  /// The descriptors that the process may have, RLIMIT_NOFILE.
  let limit: Int
  /// Whether requests go on to an app: then each connection may need a second descriptor.
  let forwards: Bool

  /// Descriptors for one connection.
  private var share: Int { forwards ? 2 : 1 }

  /// The connections that fit, beside listeners and open files.
  var connectionsMax: Int { max(1, DescriptorLimit.connectionsMax(of: limit) / share) }

  /// The lowest limit that carries `connections`.
  func need(for connections: Int) -> Int {
    let least = connections * share
    // Open files, listeners and files for one response take 768 descriptors at most.
    return (least...(least + 768)).first { DescriptorLimit.connectionsMax(of: $0) >= least }
      ?? least + 768
  }

  /// Why there is no room for as many connections; nil if there is.
  func refusal(of connections: Int) -> String? {
    guard connections > connectionsMax else { return nil }
    let kind = forwards ? "connections with an app" : "connections"
    return "that many \(kind) need \(need(for: connections)) descriptors, "
      + "and RLIMIT_NOFILE allows \(limit), enough for \(connectionsMax); raise the hard limit "
      + "(ulimit -Hn, LimitNOFILE=, docker --ulimit nofile=) or give a lower number"
  }
}
