/// The user data of an epoll registration: a descriptor, its owner, and its generation.
///
/// The kernel reuses descriptor numbers at once, so an event can arrive for a number that belongs
/// to another connection by then. The generations differ, and the loop drops the event.
///
/// ```
///  63        62         61 ... 32         31 ... 0
/// +---------+----------+----------------+-----------+
/// | service | upstream | generation     | fd        |
/// +---------+----------+----------------+-----------+
/// ```
struct PollToken: Equatable {
  /// The mask of the 30 bits of a generation.
  static let generationMask: UInt32 = 0x3FFF_FFFF

  private static let serviceTag: UInt32 = 0x8000_0000
  private static let upstreamTag: UInt32 = 0x4000_0000

  /// The user data that epoll stores.
  let rawValue: UInt64

  /// The token of a reported event.
  @inline(always)
  init(rawValue: UInt64) {
    self.rawValue = rawValue
  }

  private init(_ fd: Int32, _ tag: UInt32) {
    rawValue = UInt64(tag) << 32 | UInt64(UInt32(bitPattern: fd))
  }

  /// A client's connection.
  static func client(_ fd: Int32, generation: UInt32) -> PollToken {
    PollToken(fd, generation & generationMask)
  }

  /// A connection to the app.
  static func upstream(_ fd: Int32, generation: UInt32) -> PollToken {
    PollToken(fd, generation & generationMask | upstreamTag)
  }

  /// A descriptor that is registered while the loop runs: a listener or the mailbox.
  static func service(_ fd: Int32) -> PollToken {
    PollToken(fd, serviceTag)
  }

  /// The part of the server that handles the events.
  enum Owner {
    case client, upstream, service
  }

  /// The descriptor.
  @inline(always)
  var fd: Int32 { Int32(truncatingIfNeeded: rawValue) }

  /// The generation of a connection; 0 for a service.
  @inline(always)
  var generation: UInt32 { UInt32(truncatingIfNeeded: rawValue >> 32) & Self.generationMask }

  /// The part of the server that handles the events of the descriptor.
  @inline(always)
  var owner: Owner {
    let tag = UInt32(truncatingIfNeeded: rawValue >> 32)
    if tag & Self.serviceTag != 0 { return .service }
    return tag & Self.upstreamTag != 0 ? .upstream : .client
  }
}
