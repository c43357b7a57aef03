/// The limits of a loop for live directories.
package struct LiveLimits: Sendable {
  /// The maximum number of files that a loop keeps open, and of names that it caches as missing.
  package var entriesMax = 1024
  /// The maximum number of directories that a loop watches; files in others are checked at each
  /// request.
  package var watchesMax = 1024
  /// Whether inotify(7) is used.
  package var usesNotifications = true
  /// Whether openat2(2) is used; without it symbolic links are not followed.
  package var usesOpenBelow = true

  package init() {}
}

/// The parameters of `LiveFiles`.
struct LiveSetup {
  let limits: LiveLimits
  /// The maximum number of files that this loop keeps open.
  let entriesMax: Int
  let notices: LiveNotices

  /// The share of one of `loopCount` loops: an eighth of the process's descriptors is for live
  /// files, the others are for connections.
  init(_ limits: LiveLimits, loopCount: Int, _ notices: LiveNotices) {
    self.limits = limits
    self.notices = notices
    entriesMax = max(1, min(limits.entriesMax, DescriptorLimit.current / 8 / max(1, loopCount)))
  }
}
