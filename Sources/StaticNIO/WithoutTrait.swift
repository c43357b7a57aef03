#if !NIO
  /// The handler is there with the trait `NIO`.
  @available(*, unavailable, message: "add traits: [\"NIO\"] for staticd")
  public struct StaticAssetsHandler {
    /// Takes anything, so that the one error tells of the trait.
    public init(_ assets: Any) {}
  }
#endif
