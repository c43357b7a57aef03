#if !NIO
  /// The handler is there with the trait `NIO`.
  @available(*, unavailable, message: "add traits: [\"NIO\"] to the dependency on staticd")
  public struct StaticAssetsHandler {}
#endif
