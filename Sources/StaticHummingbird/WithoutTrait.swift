#if !Hummingbird
  /// The middleware is there with the trait `Hummingbird`.
  @available(*, unavailable, message: "add traits: [\"Hummingbird\"] to the dependency on staticd")
  public struct StaticAssetsMiddleware<Context> {}
#endif
