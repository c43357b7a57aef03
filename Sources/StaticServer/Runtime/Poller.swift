internal import CLinux
internal import StaticAssets

/// The epoll instance of one event loop, and the events of its last wait.
///
/// The unsafe part: `events` points to `capacity` values until `deinit`. The kernel has filled as
/// many as `wait` returned; `subscript` is used only for those.
@safe struct Poller: ~Copyable {
  /// Registers descriptors; parts of the loop hold copies.
  let registry: PollRegistry

  private let epoll: Descriptor
  /// The largest number of events of one wait.
  let capacity: Int
  private let events: UnsafeMutablePointer<epoll_event>

  /// One ready descriptor.
  struct Event {
    let token: PollToken
    let events: PollEvents
  }

  /// Creates an epoll instance that reports up to `capacity` events per wait. epoll_create1(2)
  init(capacity: Int) throws(StaticServerError) {
    epoll = Descriptor(owning: try StaticServerError.check(clinux_epoll_create(), "epoll_create1"))
    registry = PollRegistry(epoll: epoll.number)
    self.capacity = capacity
    unsafe events = .allocate(capacity: capacity)
    unsafe events.initialize(repeating: epoll_event(), count: capacity)
  }

  deinit {
    unsafe events.deallocate()
  }

  /// Waits for events and returns their number, or a negative error number. epoll_wait(2)
  ///
  /// - Parameter milliseconds: the longest wait; -1 is no limit.
  @inline(always)
  func wait(milliseconds: Int32) -> Int {
    unsafe clinux_epoll_wait(epoll.number, events, Int32(capacity), milliseconds)
  }

  @inline(always)
  subscript(index: Int) -> Event {
    precondition(index >= 0 && index < capacity)
    let token = unsafe PollToken(rawValue: events[index].data.u64)
    let conditions = unsafe PollEvents(rawValue: events[index].events)
    return Event(token: token, events: conditions)
  }
}

/// Registers descriptors with an epoll instance.
///
/// A trivially copyable value, valid as long as its `Poller`. For an open descriptor, epoll_ctl(2)
/// fails only with ENOMEM or ENOSPC. `add` returns that error, and the caller closes the
/// connection. Changing and removing a registration do not fail.
struct PollRegistry {
  fileprivate let epoll: Int32

  fileprivate init(epoll: Int32) {
    self.epoll = epoll
  }

  /// Registers the descriptor of `token` for `events`; returns 0 or a negative error number.
  func add(_ token: PollToken, _ events: PollEvents) -> Int {
    clinux_epoll_control(epoll, Int32(CLINUX_ADD), token.fd, events.rawValue, token.rawValue)
  }

  /// Replaces the registered events.
  func modify(_ token: PollToken, _ events: PollEvents) {
    _ = clinux_epoll_control(
      epoll,
      Int32(CLINUX_MODIFY),
      token.fd,
      events.rawValue,
      token.rawValue
    )
  }

  /// Removes the registration of `fd`.
  func remove(_ fd: Int32) {
    _ = clinux_epoll_control(epoll, Int32(CLINUX_DELETE), fd, 0, 0)
  }

  /// Changes the registered events of `token` from `before` to `after`.
  ///
  /// An empty set removes the registration: a descriptor registered without events still reports
  /// EPOLLHUP at every wait.
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
