/// Following what is on the disk.
extension LiveTable {
  /// Something that `follow` has done or found out.
  public struct Event: Sendable, CustomStringConvertible {
    /// What has happened.
    public struct Kind: Hashable, Sendable {
      private let number: Int

      /// The table was replaced by one of what is there now.
      public static let reloaded = Kind(number: 0)
      /// The table could not be built; the one before is served on.
      public static let failed = Kind(number: 1)
      /// A collected root has lost its files; the release before is served on until it is back.
      public static let lost = Kind(number: 2)
      /// Changes cannot be watched as they happen; files are looked at each second instead.
      public static let degraded = Kind(number: 3)
    }

    /// What has happened.
    public let kind: Kind
    /// One line for people.
    public let description: String
    /// How long it took to build the table; zero where none was built.
    public let duration: Duration
    /// The table that is served now.
    public let table: FileTable
  }

  /// Serves each release as it is published, and in development each change, until the task is
  /// cancelled.
  ///
  /// A thread of its own looks at the files: no event loop and no thread of Swift's pool waits for a
  /// disk. Releases are noticed by the manifests, the pages, and directories that are others; a root
  /// that loses its files is served on as it was until it is back. In development all files count.
  ///
  /// - Parameters:
  ///   - interval: the time between two looks at a release; development on Linux needs none.
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
        switch mode {
        case .release: follower.followReleases()
        case .development: follower.followChanges()
        }
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

/// What `follow` does on its thread.
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
    } while wait.wait(for: -1, interval)
  }

  func followChanges() {
    let directories = live.current.mounts.map(\.directory)
    #if os(Linux)
      do {
        let watch = try DirectoryWatch(directories)
        repeat {
          // Before the table: what changes while it is built is then noticed.
          try watch.take()
          reload()
        } while wait.wait(for: watch.number, nil)
        return
      } catch {
        tell(.degraded, "\(error); files are looked at each second instead")
      }
    #endif
    lookForChanges(directories)
  }

  private func lookForChanges(_ directories: [String]) {
    var last: TreeVersion?
    repeat {
      let version = TreeVersion(directories)
      if version != last { reload() }
      last = version
    } while wait.wait(for: -1, interval)
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
