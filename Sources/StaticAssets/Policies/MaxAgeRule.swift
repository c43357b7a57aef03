/// How long the files that a pattern fits may be used without asking again.
///
/// Of several rules the last one that fits counts; immutable names stay immutable.
public struct MaxAgeRule: Equatable, Sendable {
  /// A pattern for the path below the mount; `*` and `?` match slashes too.
  public let glob: String
  /// Seconds, not negative.
  public let seconds: Int

  /// A rule of its two parts.
  public init(glob: String, seconds: Int) {
    precondition(seconds >= 0)
    self.glob = glob
    self.seconds = seconds
  }
}
