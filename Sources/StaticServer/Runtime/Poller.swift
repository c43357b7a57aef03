internal import CLinux
internal import StaticAssets

/// The epoll instance of one event loop, and the events of its last wait.
///
/// The unsafe part: `events` points to `capacity` values until `deinit`, of which the kernel has
/// filled as many as `wait` returned; `subscript` is called for those alone.
@safe struct Poller: ~Copyable {
  /// Registers descriptors; parts of the loop keep a copy each.
  let registry: PollRegistry

  private let epoll: Descriptor
  private let capacity: Int
  private let events: UnsafeMutablePointer<epoll_event>

  /// One descriptor that became ready.
  struct Event {
    let token: PollToken
    let events: PollEvents
  }

  /// A poller that reports up to `capacity` events at a time. epoll_create1(2)
  init(capacity: Int) throws(ServerError) {
    epoll = Descriptor(owning: try ServerError.check(clinux_epoll_create(), "epoll_create1"))
    registry = PollRegistry(epoll: epoll.number)
    self.capacity = capacity
    unsafe events = .allocate(capacity: capacity)
    unsafe events.initialize(repeating: epoll_event(), count: capacity)
  }

  deinit {
    unsafe events.deallocate()
  }

  /// Waits and returns the number of events; an interruption counts as none. epoll_wait(2)
  ///
  /// - Parameter milliseconds: how long at most; -1 waits until something is ready.
  @inline(always)
  func wait(milliseconds: Int32) -> Int {
    max(0, unsafe clinux_epoll_wait(epoll.number, events, Int32(capacity), milliseconds))
  }

  @inline(always)
  subscript(index: Int) -> Event {
    precondition(index >= 0 && index < capacity)
    let token = unsafe PollToken(rawValue: events[index].data.u64)
    let conditions = unsafe PollEvents(rawValue: events[index].events)
    return Event(token: token, events: conditions)
  }
}

/// Tells an epoll instance what to report. A plain value, valid as long as its `Poller`.
///
/// An error of epoll_ctl(2) for an open descriptor is ENOMEM or ENOSPC alone; it is returned by `add`,
/// after which the connection is closed. Changing or removing what is registered does not fail.
struct PollRegistry {
  fileprivate let epoll: Int32

  fileprivate init(epoll: Int32) {
    self.epoll = epoll
  }

  /// Begins to report `events` of the descriptor of `token`; a negative error number on failure.
  func add(_ token: PollToken, _ events: PollEvents) -> Int {
    clinux_epoll_control(epoll, Int32(CLINUX_ADD), token.fd, events.rawValue, token.rawValue)
  }

  /// Reports `events` from now on.
  func modify(_ token: PollToken, _ events: PollEvents) {
    _ = clinux_epoll_control(
      epoll,
      Int32(CLINUX_MODIFY),
      token.fd,
      events.rawValue,
      token.rawValue
    )
  }

  /// Reports nothing of `fd` any more.
  func remove(_ fd: Int32) {
    _ = clinux_epoll_control(epoll, Int32(CLINUX_DELETE), fd, 0, 0)
  }

  /// Changes what is reported of `token` from `before` to `after`; an empty set is no registration,
  /// for one without interest would still report `hangUp` at every wait.
  func change(_ token: PollToken, from before: PollEvents, to after: PollEvents) {
    guard before != after else { return }
    if after.isEmpty {
      remove(token.fd)
    } else if before.isEmpty {
      _ = add(token, after)
    } else {
      modify(token, after)
    }
  }
}
