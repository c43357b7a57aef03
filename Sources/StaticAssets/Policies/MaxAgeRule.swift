/// `max-age` for the files that match a pattern.
///
/// If several rules match, the last one applies. Immutable names are not affected.
public struct MaxAgeRule: Equatable, Sendable {
  /// The pattern for the path below the mount; `*` and `?` also match slashes.
  public let glob: String
  /// `max-age` in seconds; not negative.
  public let seconds: Int

  /// A rule; traps when `seconds` is negative.
  public init(glob: String, seconds: Int) {
    precondition(seconds >= 0)
    self.glob = glob
    self.seconds = seconds
  }
}
