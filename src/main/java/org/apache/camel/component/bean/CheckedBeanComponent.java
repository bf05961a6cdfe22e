package org.apache.camel.component.bean;

import java.util.function.Consumer;
import org.apache.camel.spi.annotations.Component;

/**
 * Camel's component {@code bean}, which looks at each class before a route calls a method of it. All of Camel's calls
 * come here for what a class has: component and step {@code bean}, language {@code bean}, and the paths of Simple, of
 * which each part is one more call. Nothing public of Camel is asked for all of them, so this class is in its package.
 */
@Component("bean")
public final class CheckedBeanComponent extends BeanComponent {

    private final Consumer<Class<?>> check;

    /** @param check throws what the caller gets if no route may call methods of a class */
    public CheckedBeanComponent(Consumer<Class<?>> check) {
        this.check = check;
    }

    /** What is not in the cache is made anew for each call, and comes here. So no class that is refused gets in. */
    @Override
    void addBeanInfoToCache(BeanInfoCacheKey key, BeanInfo beanInfo) {
        check.accept(beanInfo.getType());
        super.addBeanInfoToCache(key, beanInfo);
    }
}
