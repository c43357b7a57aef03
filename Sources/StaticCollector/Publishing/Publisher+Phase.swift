extension Publisher {
  /// The progress of a publication.
  enum Phase: Int {
    /// The root is unchanged.
    case staging
    /// Files are being replaced; the previous release is still current.
    case replacing
    /// The new release is current.
    case published
  }
}
