internal import CLinux

/// The epoll events of a descriptor: requested or reported.
///
/// `hangUp` and `error` are always reported. epoll_ctl(2)
struct PollEvents: OptionSet, Sendable {
  let rawValue: UInt32

  /// EPOLLIN: bytes, a connection or the peer's end of stream can be read.
  static var readable: PollEvents { PollEvents(rawValue: UInt32(CLINUX_READABLE)) }
  /// EPOLLOUT: bytes can be written.
  static var writable: PollEvents { PollEvents(rawValue: UInt32(CLINUX_WRITABLE)) }
  /// EPOLLRDHUP: the peer has shut down its sending side; unread bytes may precede the end.
  static var peerFinished: PollEvents { PollEvents(rawValue: UInt32(CLINUX_PEER_FINISHED)) }
  /// EPOLLPRI on /proc/self/mountinfo: file systems were mounted or unmounted. proc(5)
  static var mountsChanged: PollEvents { PollEvents(rawValue: UInt32(CLINUX_PRIORITY)) }
  /// EPOLLHUP: both directions are shut down.
  static var hangUp: PollEvents { PollEvents(rawValue: UInt32(CLINUX_HANG_UP)) }
  /// EPOLLERR: the connection has failed, for example by a reset.
  static var error: PollEvents { PollEvents(rawValue: UInt32(CLINUX_ERROR)) }
  /// EPOLLEXCLUSIVE: of the loops that share a listener, at least one is woken, but not all.
  static var exclusive: PollEvents { PollEvents(rawValue: UInt32(CLINUX_EXCLUSIVE)) }

  /// Whether nothing can be sent to the peer any more: EPOLLHUP or EPOLLERR.
  @inline(always)
  var isGone: Bool { rawValue & (UInt32(CLINUX_HANG_UP) | UInt32(CLINUX_ERROR)) != 0 }
}
