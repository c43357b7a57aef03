/// The time-outs and the size limit of a connection.
struct ConnectionLimits: Sendable {
  /// For connecting to one address of a host.
  var connectMilliseconds = 10_000
  /// For the next bytes, in either direction.
  var idleMilliseconds = 60_000
  /// The largest content that is read, such as a list or a manifest.
  var bodyBytesMax = 1 << 30
}
