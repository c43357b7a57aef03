internal import Glibc
internal import StaticAssets

/// The watches of a plan's files.
extension ReleaseWatch {
  init(_ plan: TablePlan) {
    self.init(plan.mounts, pages: plan.pages)
  }
}

extension RootLoss {
  init(_ plan: TablePlan) {
    self.init(plan.mounts, isDevelopment: plan.isRefreshed)
  }

  /// Whether the collected roots of `plan` are the ones being watched.
  func watches(_ plan: TablePlan) -> Bool {
    watches(plan.mounts, isDevelopment: plan.isRefreshed)
  }
}

extension TablePlan {
  /// Watches the directories for every change in development; nil otherwise.
  func watch() throws -> DirectoryWatch? {
    guard isRefreshed else { return nil }
    do throws(FileError) {
      return try DirectoryWatch(mounts.map(\.directory))
    } catch {
      throw Self.watchFailure(error)
    }
  }

  /// The failure when changes cannot be watched.
  static func watchFailure(_ error: FileError) -> CommandFailure {
    guard error.code == ENOSPC else {
      return CommandFailure(.system, "--autorefresh: \(error)")
    }
    return CommandFailure(
      .system,
      "--autorefresh: there are more directories than may be watched; raise the sysctl "
        + "fs.inotify.max_user_watches"
    )
  }
}
