#if !ServiceLifecycle
  /// Unavailable without the trait `ServiceLifecycle`.
  @available(*, unavailable, message: "add traits: [\"ServiceLifecycle\"] for staticd")
  public struct StaticServerService {
    /// Accepts any argument, so that the only error is the one about the trait.
    public init(assets: Any, configuration: Any) {}
  }
#endif
