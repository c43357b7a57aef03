extension Publisher {
  /// How far the release has come.
  enum Phase: Int {
    /// The root is as it was.
    case staging
    /// Files are being replaced; the release before is the current one.
    case replacing
    /// The new release is the current one.
    case published
  }
}
