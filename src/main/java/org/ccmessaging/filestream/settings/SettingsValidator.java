package org.ccmessaging.filestream.settings;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Role;
import org.springframework.stereotype.Component;
import org.springframework.validation.Errors;
import org.springframework.validation.Validator;
import org.springframework.validation.beanvalidation.LocalValidatorFactoryBean;

/**
 * Validates all settings of the service. With {@code @Validated}, Spring Boot would create a validator factory for each
 * class, and would skip the settings of branches, which are in a map.
 */
@Component(EnableConfigurationProperties.VALIDATOR_BEAN_NAME)
@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
public final class SettingsValidator implements Validator, BeanFactoryAware {

    private Validator validator;

    /** Replaces constructor injection, which does not work yet when Spring creates this bean. */
    @Override
    public void setBeanFactory(BeanFactory beans) {
        validator = beans.getBean(LocalValidatorFactoryBean.class);
    }

    @Override
    public boolean supports(Class<?> type) {
        return type.getName().startsWith("org.ccmessaging.filestream.");
    }

    @Override
    public void validate(Object settings, Errors errors) {
        validator.validate(settings, errors);
    }
}
