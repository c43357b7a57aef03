internal import StaticAssets

/// What the parts of a loop share while they answer the events of one wake: scratch buffers, through
/// which the bytes of all connections pass, and the time. Handed to them `inout`.
///
/// Nothing in it belongs to a connection: both buffers may be overwritten as soon as a part returns.
struct Wake: ~Copyable {
  /// Bytes received, and not yet kept by a connection.
  var input = ByteBuffer(capacity: 65536)
  /// Responses that were made and not yet sent.
  var output = ByteBuffer(capacity: 65536)
  /// The request head that is being answered.
  var head = RequestHead()
  /// The ends of response heads, with the date.
  var suffixes = HeadSuffixes()
  /// Milliseconds of the monotonic clock, read once for each wake.
  var now: Int64
  /// Whether a stop was asked for: no connection goes on after its request.
  var isDraining = false
}
