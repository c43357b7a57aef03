internal import CLinux
internal import Dispatch
internal import Glibc
internal import StaticAssets
internal import StaticCollector
internal import Synchronization

/// How progress is shown.
enum ProgressStyle: String, CaseIterable {
  /// A bar if standard error is a terminal, otherwise lines.
  case auto
  /// One line that is redrawn.
  case bar
  /// A line every few seconds.
  case plain
  /// Nothing.
  case none

  fileprivate var resolved: ProgressStyle {
    guard self == .auto else { return self }
    return isatty(2) == 1 && Environment.value("TERM") != "dumb" ? .bar : .plain
  }
}

/// Shows the progress of a run on standard error, from a thread of its own.
final class ProgressDisplay: Sendable {
  private let progress: CollectProgress
  private let style: ProgressStyle
  private let hasColor = Environment.value("NO_COLOR") == nil
  private let ending = DispatchSemaphore(value: 0)
  private let state = Mutex(State())

  private struct State {
    var isEnded = false
    var isDrawn = false
    var pace = ProgressPace()
  }

  /// Shows `progress` until `end()`.
  init(_ progress: CollectProgress, _ style: ProgressStyle) {
    self.progress = progress
    self.style = style.resolved
    // Without a thread nothing is shown.
    if self.style != .none { _ = NewThread.detach { self.keepShowing() } }
  }

  /// Removes the bar; nothing is shown afterwards.
  func end() {
    ending.signal()
    state.withLock { state in
      state.isEnded = true
      if state.isDrawn { Console.draw("\r\u{1B}[K") }
      state.isDrawn = false
    }
  }

  /// Writes a diagnostic above the bar.
  func diagnose(_ line: String) {
    state.withLock { state in
      if state.isDrawn { Console.draw("\r\u{1B}[K") }
      state.isDrawn = false
      Console.diagnose(line)
    }
  }

  private func keepShowing() {
    // A log gets a line every five seconds; a bar is redrawn ten times a second.
    let interval = style == .bar ? 100 : 5000
    while ending.wait(timeout: .now() + .milliseconds(interval)) == .timedOut { show() }
  }

  private func show() {
    let snapshot = progress.snapshot
    let now = clinux_monotonic_milliseconds()
    state.withLock { state in
      guard !state.isEnded else { return }
      let secondsLeft = state.pace.secondsLeft(snapshot, at: now)
      let line = ProgressLine(snapshot, secondsLeft: secondsLeft)
      if style == .bar {
        let width = Int(clinux_terminal_width(2))
        Console.draw("\r\(line.bar(width: width > 0 ? width : 80, hasColor: hasColor))\u{1B}[K")
        state.isDrawn = true
      } else {
        Console.diagnose(line.plain)
      }
    }
  }
}

/// Estimates the remaining time from the bytes compressed or sent so far.
struct ProgressPace {
  private var start: (phase: CollectProgress.Phase, milliseconds: Int64)?

  /// Whole seconds; nil if there is no basis for an estimate.
  mutating func secondsLeft(
    _ snapshot: CollectProgress.Snapshot,
    at milliseconds: Int64
  ) -> Int? {
    guard let start, start.phase == snapshot.phase else {
      start = (snapshot.phase, milliseconds)
      return nil
    }
    let elapsed = milliseconds - start.milliseconds
    guard snapshot.byteCount > 0, elapsed > 500, snapshot.bytesDone > 0 else { return nil }
    let left = Double(snapshot.byteCount - snapshot.bytesDone) / Double(snapshot.bytesDone)
    return Int((Double(elapsed) * left / 1000).rounded(.up))
  }
}
