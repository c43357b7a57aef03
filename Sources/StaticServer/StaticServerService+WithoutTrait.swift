#if !ServiceLifecycle
  /// The service is there with the trait `ServiceLifecycle`.
  @available(*, unavailable, message: "add traits: [\"ServiceLifecycle\"] for staticd")
  public struct StaticServerService {
    /// Takes anything, so that the one error tells of the trait.
    public init(assets: Any, configuration: Any) {}
  }
#endif
