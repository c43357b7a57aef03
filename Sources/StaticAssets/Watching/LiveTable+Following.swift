/// Following changes on disk.
extension LiveTable {
  /// An event of `follow`.
  public struct Event: Sendable, CustomStringConvertible {
    /// The kind of the event; kinds may be added.
    public struct Kind: Hashable, Sendable {
      private let number: Int

      /// The table was replaced by one built from the current files.
      public static let reloaded = Kind(number: 0)
      /// The table could not be built; the previous one stays in use.
      public static let failed = Kind(number: 1)
      /// A collected root has lost its files; the previous release is served until they are back.
      public static let lost = Kind(number: 2)
      /// Changes cannot be watched with inotify(7); the files are scanned at each interval instead.
      public static let degraded = Kind(number: 3)
    }

    /// The kind of the event.
    public let kind: Kind
    /// A description in one line.
    public let description: String
    /// The time to build the table; zero if none was built.
    public let duration: Duration
    /// The table that is current after the event.
    package let table: FileTable
  }

  /// Serves each release as it is published, and in development each change, until the task is
  /// cancelled.
  ///
  /// Runs on its own thread: no event loop and no thread of Swift's pool waits for a disk. A
  /// release is detected by changed manifests or pages, or by replaced directories; a page counts
  /// once it stays as it is for an interval, because editors write in place. If a root loses its
  /// files, the previous release is served until they are back. In development a change of any file
  /// counts.
  ///
  /// - Parameters:
  ///   - interval: the polling interval for releases and, in development, for pages outside of the
  ///     directories; from 10 ms to 24 hours, other values count as the nearest of these.
  ///   - onEvent: called on that thread.
  public func follow(
    every interval: Duration = .seconds(1),
    _ onEvent: @escaping @Sendable (Event) -> Void = { _ in }
  ) async {
    let wait: ChangeWait
    do {
      wait = try ChangeWait()
    } catch {
      onEvent(event(.failed, "releases are not followed: \(error)"))
      return
    }
    await withTaskCancellationHandler {
      await BlockingThread.run { [self] in
        let follower = Follower(live: self, wait: wait, interval: interval, onEvent: onEvent)
        if isDevelopment { follower.followChanges() } else { follower.followReleases() }
      }
    } onCancel: {
      wait.end()
    }
  }

  fileprivate func event(_ kind: Event.Kind, _ text: String, _ duration: Duration = .zero) -> Event
  {
    Event(kind: kind, description: text, duration: duration, table: current)
  }
}

/// The work of `follow` on its thread.
private struct Follower {
  let live: LiveTable
  let wait: ChangeWait
  let interval: Duration
  let onEvent: @Sendable (LiveTable.Event) -> Void

  func followReleases() {
    var releases = live.firstWatch
    var loss = RootLoss(live.current.mounts, isDevelopment: false)
    repeat {
      let hasChanged = releases.hasChanged()
      switch loss.look(isReloading: hasChanged) {
      case .none: if hasChanged { reload(&loss) }
      case .began(let reason): tell(.lost, reason)
      case .goesOn: break
      case .ended: reload(&loss)
      }
    } while wait.wait(for: -1, interval) != .ended
  }

  func followChanges() {
    let directories = live.current.mounts.map(\.directory)
    // Fallbacks, error pages and redirects need not lie in the directories.
    var pages = live.firstWatch
    #if os(Linux)
      do {
        let watch = try DirectoryWatch(directories)
        var outcome = ChangeWait.Outcome.readable
        repeat {
          let hasChanged = pages.hasChanged() || outcome == .readable
          if hasChanged {
            // Before the table is built: a change during the build is then noticed.
            try watch.take()
            reload()
          }
          outcome = wait.wait(for: watch.number, interval)
        } while outcome != .ended
        return
      } catch {
        tell(.degraded, "\(error); the files are scanned at each interval instead")
      }
    #endif
    lookForChanges(directories, &pages)
  }

  private func lookForChanges(_ directories: [String], _ pages: inout ReleaseWatch) {
    var last: TreeVersion?
    repeat {
      let version = TreeVersion(directories)
      if pages.hasChanged() || version != last { reload() }
      last = version
    } while wait.wait(for: -1, interval) != .ended
  }

  private func reload(_ loss: inout RootLoss) {
    if reload() { loss.noteTable() }
  }

  @discardableResult private func reload() -> Bool {
    var failure: AssetError?
    let duration = ContinuousClock().measure {
      do throws(AssetError) { try live.reloadBlocking() } catch { failure = error }
    }
    if let failure {
      tell(.failed, "reload failed, the files from before are served on: \(failure)")
    } else {
      tell(.reloaded, "reloaded: \(live.current.fileCount) files", duration)
    }
    return failure == nil
  }

  private func tell(_ kind: LiveTable.Event.Kind, _ text: String, _ duration: Duration = .zero) {
    onEvent(live.event(kind, text, duration))
  }
}
