/// How long a connection waits, and how much it takes.
struct ConnectionLimits: Sendable {
  /// For one address of a host.
  var connectMilliseconds = 10_000
  /// For the next bytes, in either direction.
  var idleMilliseconds = 60_000
  /// The largest content that is read: a list or a manifest, at most.
  var bodyBytesMax = 1 << 30
}
