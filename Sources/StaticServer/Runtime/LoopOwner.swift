/// Passes an event loop to the thread that runs it.
///
/// `@unchecked Sendable`: the loop is stored before the thread starts, and only that thread takes
/// it.
final class LoopOwner: @unchecked Sendable {
  private var loop: EventLoop?

  init(_ loop: consuming EventLoop) {
    self.loop = consume loop
  }

  func run() {
    guard var loop = loop.take() else { return }
    loop.run()
  }
}
