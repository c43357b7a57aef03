internal import StaticServer

/// How many connections a limit of file descriptors allows.
struct ConnectionCapacity {
  /// The maximum number of file descriptors of the process, RLIMIT_NOFILE.
  let limit: Int
  /// Whether requests are forwarded: then each connection may need a second file descriptor.
  let forwards: Bool

  /// File descriptors per connection.
  private var share: Int { forwards ? 2 : 1 }

  /// The connections that fit besides listeners and open files.
  var connectionsMax: Int { max(1, DescriptorLimit.connectionsMax(of: limit) / share) }

  /// The lowest limit that allows `connections`.
  func need(for connections: Int) -> Int {
    let least = connections * share
    // Open files, listeners and files for one response take 768 file descriptors at most.
    return (least...(least + 768)).first { DescriptorLimit.connectionsMax(of: $0) >= least }
      ?? least + 768
  }

  /// Why `connections` do not fit; nil if they do.
  func refusal(of connections: Int) -> String? {
    guard connections > connectionsMax else { return nil }
    let kind = forwards ? "connections with an app" : "connections"
    return "that many \(kind) need \(need(for: connections)) descriptors, "
      + "and RLIMIT_NOFILE allows \(limit), enough for \(connectionsMax); raise the hard limit "
      + "(ulimit -Hn, LimitNOFILE=, docker --ulimit nofile=) or give a lower number"
  }
}
