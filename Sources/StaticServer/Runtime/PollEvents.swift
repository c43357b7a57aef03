internal import CLinux

/// Conditions of a descriptor: what epoll is asked to report, or what it reports.
///
/// `hangUp` and `error` are reported whether they are asked for or not. epoll_ctl(2)
struct PollEvents: OptionSet, Sendable {
  let rawValue: UInt32

  /// Bytes, a connection or the peer's end of stream can be read.
  static var readable: PollEvents { PollEvents(rawValue: UInt32(CLINUX_READABLE)) }
  /// Bytes can be written.
  static var writable: PollEvents { PollEvents(rawValue: UInt32(CLINUX_WRITABLE)) }
  /// The peer has ended its sending side, be there bytes before that end or not.
  static var peerFinished: PollEvents { PollEvents(rawValue: UInt32(CLINUX_PEER_FINISHED)) }
  /// Both directions have ended.
  static var hangUp: PollEvents { PollEvents(rawValue: UInt32(CLINUX_HANG_UP)) }
  /// The connection has failed, as by a reset.
  static var error: PollEvents { PollEvents(rawValue: UInt32(CLINUX_ERROR)) }
  /// Of a socket that several loops share, one loop is told. For listeners alone.
  static var exclusive: PollEvents { PollEvents(rawValue: UInt32(CLINUX_EXCLUSIVE)) }

  /// Whether nothing more can be sent to the peer: the connection has failed or has ended both ways.
  @inline(always)
  var isGone: Bool { rawValue & (UInt32(CLINUX_HANG_UP) | UInt32(CLINUX_ERROR)) != 0 }
}
